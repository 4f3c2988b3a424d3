import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';

/** Cookies of downloads, of which this process has a copy of its own. */
export interface Cookies {
  /** A file that may be written to; undefined: nobody gave cookies. */
  readonly path: string | undefined;
  remove(): Promise<void>;
}

const NONE: Cookies = { path: undefined, remove: async () => undefined };

/**
 * Copies the cookies of downloads into a folder of this process alone: whoever downloads rewrites the file that it is
 * given, and the one of a Secret can only be read.
 *
 * @param source as configured; a file that is not there is the same as none, for the Secret may be left out
 * @throws Permanent `cookies-unreadable`
 */
export async function copyCookies(source: string | undefined): Promise<Cookies> {
  if (source === undefined) return NONE;
  const text = await readFile(source).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    const how = `DOWNLOAD_COOKIES="${source}" cannot be read (${cause.code ?? 'unknown'}); name a file that this process may read.`;
    throw new Permanent('cookies-unreadable', how, { cause });
  });
  if (text === undefined) return NONE;
  // Its mode is 0700.
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cookies-'));
  const path = join(folder, 'cookies.txt');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
