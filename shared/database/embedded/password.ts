import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The database's password, made once and kept for our eyes only (0600). */
export async function databasePassword(folder: string): Promise<string> {
  const path = join(folder, 'password');
  const found = await read(path);
  if (found !== undefined) return found;
  const made = randomBytes(24).toString('base64url');
  const half = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(half, `${made}\n`, { mode: 0o600, flush: true });
    await link(half, path);
    return made;
  } catch (error) {
    // Two platforms started at once: the first one's counts.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return (await read(path)) ?? made;
    throw error;
  } finally {
    await rm(half, { force: true });
  }
}

/** The password of a database that was set up before; undefined where none was. */
export const readPassword = (folder: string): Promise<string | undefined> => read(join(folder, 'password'));

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
}
