import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { incoming } from '../key.ts';

export interface WalkOptions {
  readonly root: string;
  readonly prefix: string;
  /** Only keys behind this one. */
  readonly after: string;
}

/**
 * The names of regular files as keys, in the order of their code points (which is the order of their UTF-8
 * bytes, not of JavaScript's `<`). It holds one folder's names at a time on each level, and enters no folder
 * whose keys are all before `after` or outside `prefix`. Symbolic links are not entered and not listed.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<string> {
  yield* enter(options, options.prefix.slice(0, options.prefix.lastIndexOf('/') + 1));
}

async function* enter(options: WalkOptions, folder: string): AsyncGenerator<string> {
  const { root, prefix, after } = options;
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const names = found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .filter((entry) => folder !== '' || entry.name !== incoming)
    // A folder sorts as its keys do: with the slash.
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((name) => name.startsWith(prefix) || (name.endsWith('/') && prefix.startsWith(name)))
    .filter((name) => byCodePoint(name, after) > 0 || (name.endsWith('/') && after.startsWith(name)))
    .sort(byCodePoint);
  for (const name of names) {
    if (name.endsWith('/')) yield* enter(options, name);
    else yield name;
  }
}

export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
