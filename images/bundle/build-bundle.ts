import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputChunk, type OutputOptions, type Plugin } from 'rolldown';
import type { Topology } from '#shared/topology';
import { PLATFORM } from '../target.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { functionEntry, platformEntry } from './entries.ts';
import { filesBeside } from './files-beside.ts';
import { lookedUp } from './looked-up.ts';
import { copyPackages, packagesIn } from './packages.ts';
import { unused } from './unused.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Packages that others look for but do not need. */
const ABSENT = ['pg-native', 'pg-cloudflare'];
/** Packages with machine code: they stay as they are, in the bundle's own `node_modules`. */
const NATIVE = ['@napi-rs/canvas'];

/** Half the bytes to read with each cold start; names stay, so that a stack says where it was. */
const SMALL = {
  compress: { keepNames: { function: true, class: true } },
  mangle: { keepNames: true },
  codegen: true,
} as const;

/** A bundle that was built. */
export interface Bundle {
  /** What Node starts. */
  readonly main: string;
  /** Of all that is JavaScript in it, its packages not counted. */
  readonly codeBytes: number;
  /** Of the folder, as it is copied into an image. */
  readonly bytes: number;
  /** Packages that lie in its `node_modules`. */
  readonly packages: readonly string[];
}

/**
 * Bundles one function with all that its process needs into a folder, which is emptied first: `main.cjs` to be started
 * with Node 24, its chunks, its threads, the files and packages that its modules read when they run, and what it is made
 * of (`sbom.cdx.json`, CycloneDX). The same sources make the same bytes.
 *
 * @throws Permanent `function-unknown`
 */
export async function buildBundle(options: {
  name: string;
  topology: Topology;
  /** Of the function, as its component in the bill of materials. */
  version?: string;
  folder: string;
}): Promise<Bundle> {
  const { name, topology, version, folder } = options;
  const entry = await functionEntry({ root, name, topology });
  // What is not called is not needed: no module is imported for what its import does.
  return bundle({ name, version, folder, entry, moduleSideEffects: false });
}

/** Bundles the platform's own processes: `main.cjs <role>`. */
export function buildPlatform(options: { version?: string; folder: string }): Promise<Bundle> {
  return bundle({ name: PLATFORM, ...options, entry: platformEntry(root), moduleSideEffects: true });
}

async function bundle(options: {
  name: string;
  version?: string | undefined;
  folder: string;
  entry: Plugin;
  moduleSideEffects: boolean;
}): Promise<Bundle> {
  const { name, version = '0.0.0', folder, entry, moduleSideEffects } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const modules = new Set<string>();
  const natives = new Set<string>();
  const files = new Set<string>();
  /** Threads by the name of their program; those of threads are found on the way. */
  const threads = new Map<string, string>();
  const written = async (input: Record<string, string>, output: OutputOptions, more: Plugin[]) => {
    const beside = filesBeside(root);
    const made = await build({
      input,
      cwd: root,
      platform: 'node',
      external: [...ABSENT, ...NATIVE],
      // Machine code is there for what is taken from it.
      treeshake: { moduleSideEffects: (id) => moduleSideEffects && !NATIVE.includes(id) },
      plugins: [...more, beside.plugin, unused],
      logLevel: 'warn',
      checks: { ineffectiveDynamicImport: false },
      output: { dir: folder, minify: SMALL, ...output },
    });
    const chunks = made.output.filter((one): one is OutputChunk => one.type === 'chunk');
    for (const { modules: held, imports, code } of chunks) {
      // What is imported and not used is still listed.
      for (const name of imports) if (NATIVE.includes(name) && code.includes(name)) natives.add(name);
      for (const [id, { renderedLength }] of Object.entries(held)) if (renderedLength > 0) modules.add(id);
    }
    const found = beside.of(modules);
    for (const file of found.files) files.add(file);
    return found.threads;
  };

  const main = 'main.cjs';
  const names = { entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' };
  let open = await written({ program: 'entry' }, { format: 'cjs', ...names }, [entry]);
  while (open.size > 0) {
    const next = new Map<string, string>();
    for (const [program, module] of open) {
      if (threads.has(program)) continue;
      threads.set(program, module);
      // A thread of its own may wait at its top level, which only an ES module can.
      const output = { format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false } as const;
      for (const each of await written({ [program]: module }, output, [])) next.set(...each);
    }
    open = next;
  }
  for (const file of files)
    await cp(join(root, file), join(folder, 'files', file), { recursive: true, preserveTimestamps: false });
  const packages = [...natives, ...lookedUp([...modules].map((id) => relative(root, id)))];
  const copied = await copyPackages({ root, names: packages, folder });
  const held = [...new Set([...packagesIn(modules), ...copied])];
  await writeFile(join(folder, 'sbom.cdx.json'), await billOfMaterials({ name, version, packages: held }));
  await writeFile(join(folder, main), MAIN);
  await cp(fileURLToPath(new URL('./health.cjs', import.meta.url)), join(folder, 'health.cjs'));
  const sizes = await sizesIn(folder);
  return {
    main: join(folder, main),
    packages: copied.map((path) => relative(join(root, 'node_modules'), path)),
    codeBytes: sum(sizes.filter(([path]) => /^[^/]+\.[cm]js$/.test(path))),
    bytes: sum(sizes),
  };
}

/** What Node compiles of it lies beside it, wherever it is copied to. */
const MAIN = `'use strict';
require('node:module').enableCompileCache({ directory: require('node:path').join(__dirname, 'compiled'), portable: true });
require('./program.cjs');
`;

async function sizesIn(folder: string): Promise<readonly (readonly [string, number])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => [relative(folder, path), (await stat(path)).size] as const));
}

const sum = (sizes: readonly (readonly [string, number])[]) => sizes.reduce((all, [, size]) => all + size, 0);
