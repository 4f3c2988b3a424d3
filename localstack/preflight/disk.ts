import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Check } from './check.ts';

const GIB = 2 ** 30;

/** A few minutes of 1080p video with its scenes; bytes. */
const LEAST = GIB;

export const diskCheck: Check = async ({ config }) => {
  const free = await freeBytes(config.dataDir);
  const shown = `${(free / GIB).toFixed(1)} GiB`;
  if (free >= LEAST) return { ok: true, note: `${shown} free on disk` };
  return {
    ok: false,
    problem: `Only ${shown} are free on the disk of ${config.dataDir}; making a video needs at least 1 GiB.`,
    remedy: 'Make room, or set DATA_DIR to a folder on another disk.',
  };
};

/** Free space of the disk that the folder is on, or will be on once it is made. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return freeBytes(parent);
  }
}
