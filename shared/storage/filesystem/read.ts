import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { aborted, notFound, rangeNotSatisfiable } from '../failures.ts';
import type { ByteRange } from '../object-store.ts';
import { isTrue } from './folders.ts';

/** The file's facts if it is a regular file in a folder that is no link. */
export async function regularFile(path: string): Promise<Stats | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() && (await isTrue(dirname(path))) ? found : undefined;
}

/** Opens an object for reading: what is replaced or removed meanwhile is still read to its end. */
export async function openObject(options: {
  key: string;
  path: string;
  range?: ByteRange | undefined;
  signal?: AbortSignal | undefined;
}): Promise<Readable> {
  const { key, path, range, signal } = options;
  if (signal?.aborted) throw aborted(signal, key);
  // Never a link; and a pipe that somebody put here must not hold us up.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => {
      throw notFound(key);
    },
  );
  try {
    const found = await file.stat();
    if (!found.isFile() || !(await isTrue(dirname(path)))) throw notFound(key);
    const { start, end } = range ?? { start: 0, end: found.size };
    if (range !== undefined) checkRange({ key, range, bytes: found.size });
    return file.createReadStream({
      start,
      // The stream's end is inclusive; an empty object has no last byte to name.
      ...(found.size === 0 ? {} : { end: Math.min(end, found.size) - 1 }),
      highWaterMark: 262_144,
      signal,
    });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function checkRange({ key, range, bytes }: { key: string; range: ByteRange; bytes: number }): void {
  const { start, end } = range;
  const sane = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end > start;
  if (sane && start < bytes) return;
  throw rangeNotSatisfiable({ key, range, bytes });
}
