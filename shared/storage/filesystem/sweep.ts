import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes what killed processes left half-written, and answers how much. By the time of the last change to the file's entry: a hard
 * link on its way to its name carries the old bytes' time of writing.
 */
export async function sweepLeftovers(request: {
  folder: string;
  now: Date;
  olderThanMs: number;
  /** `count`: only answers how much there is. */
  mode?: 'remove' | 'count';
}): Promise<number> {
  const { folder, now, olderThanMs, mode = 'remove' } = request;
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && now.getTime() - found.ctimeMs > olderThanMs) {
      if (mode === 'remove') await rm(path, { force: true, recursive: true });
      removed += 1;
    }
  }
  return removed;
}
