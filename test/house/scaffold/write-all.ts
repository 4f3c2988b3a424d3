import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface NewFile {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

const LIMIT_MS = 60_000;

/** TypeScript in the style of the house. */
export function format(root: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules', '.bin', 'biome');
    const words = ['format', '--stdin-file-path=functions/new/function.ts'];
    const child = execFile(program, words, { cwd: root, timeout: LIMIT_MS }, (error, formatted) => {
      if (error) reject(error);
      else resolve(formatted);
    });
    child.stdin?.end(text);
  });
}

/** Writes all files; where one cannot be written, the others are as they were. @returns their paths */
export async function writeAll(root: string, files: readonly NewFile[]): Promise<readonly string[]> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { path, text } of files) {
      const target = join(root, path);
      const made = await mkdir(dirname(target), { recursive: true });
      if (made !== undefined) undo.unshift(() => removeEmpty(dirname(target), dirname(made)));
      const before = await readFile(target).catch(() => undefined);
      undo.unshift(() => (before === undefined ? rm(target, { force: true }) : replace(target, before)));
      await replace(target, text);
    }
    return files.map(({ path }) => path);
  } catch (error) {
    for (const step of undo) await step().catch(() => undefined);
    throw error;
  }
}

async function replace(path: string, content: string | Buffer): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await writeFile(aside, content, { flag: 'wx' });
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Takes away the folders that were made for it, from the inmost one out. */
async function removeEmpty(folder: string, end: string): Promise<void> {
  for (let at = folder; at !== end; at = dirname(at)) await rmdir(at);
}
