import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder; absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const inProject = (...path: readonly string[]) => join(root, ...path);

/** The files that belong to the project: tracked, or new and not ignored; with slashes, from the root. */
export async function projectFiles(): Promise<readonly string[]> {
  const answer = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: root, maxBuffer: 2 ** 26, timeout: 30_000 },
  );
  return answer.stdout.split('\0').filter((path) => path !== '');
}
