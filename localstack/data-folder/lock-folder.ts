import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { identify, isAlive } from './process-identity.ts';

const instance = z.object({
  pid: z.int().positive(),
  born: z.string(),
  nonce: z.string().regex(/^[\w-]{1,64}$/),
  /** What it was started for: `start`, `demo`. */
  command: z.string(),
  /** Where it answers; absent until it does. */
  url: z.url().optional(),
});

/** The platform that works on a data folder. */
export type Instance = z.infer<typeof instance>;

export interface FolderLock {
  /** Tells others on this machine where the platform answers. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

const lockPath = (dataDir: string) => join(dataDir, 'millrace.lock');

/** The instance that holds the folder now; undefined when none does, or the one that did has died. */
export async function readInstance(dataDir: string): Promise<Instance | undefined> {
  const found = await readLock(lockPath(dataDir));
  return found !== undefined && (await isAlive(found)) ? found : undefined;
}

/**
 * Takes the folder for this process; a lock left by a process that died is taken over.
 *
 * @throws Permanent `data-dir-in-use`: another instance works on it
 */
export async function lockFolder({
  dataDir,
  command,
}: {
  dataDir: string;
  command: string;
}): Promise<FolderLock> {
  await mkdir(dataDir, { recursive: true });
  const path = lockPath(dataDir);
  const mine: Instance = { ...(await identify(process.pid)), nonce: randomUUID(), command };
  for (let tries = 0; tries < 50; tries++) {
    if (await place(path, mine)) return holder(path, mine);
    const other = await readLock(path);
    if (other !== undefined && (await isAlive(other))) throw inUse(dataDir, other);
    if (await replaceDead(path, mine, other)) return holder(path, mine);
    await sleep(20);
  }
  throw new Permanent(
    'data-dir-in-use',
    `Several instances are starting on ${dataDir} at once; start only one of them.`,
  );
}

function holder(path: string, mine: Instance): FolderLock {
  return {
    async announce(url) {
      await write(path, { ...mine, url });
    },
    async release() {
      const found = await readLock(path);
      if (found?.nonce === mine.nonce) await rm(path, { force: true });
    },
  };
}

async function write(path: string, content: Instance): Promise<void> {
  const aside = `${path}.${content.nonce}`;
  await writeFile(aside, JSON.stringify(content), { mode: 0o644 });
  await rename(aside, path);
}

/** A link fails where the name exists, so that exactly one of several processes gets it, with its content. */
async function place(path: string, mine: Instance): Promise<boolean> {
  const aside = `${path}.${mine.nonce}`;
  await writeFile(aside, JSON.stringify(mine), { mode: 0o644 });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Puts our lock in the place of a dead one. Only the holder of that lock's heirship may, so that of several who saw
 * it dead one replaces it, and none replaces the living lock that came after it.
 */
async function replaceDead(path: string, mine: Instance, dead: Instance | undefined): Promise<boolean> {
  const heirships = await inherit(path, mine, nonceOf(dead));
  if (heirships === undefined) return false;
  try {
    const isUnchanged = nonceOf(await readLock(path)) === nonceOf(dead);
    if (isUnchanged) await write(path, mine);
    return isUnchanged;
  } finally {
    for (const heirship of heirships) await rm(heirship, { force: true });
  }
}

/** Becomes the heir of a dead lock; of its heir, where that one died on the way. @returns the files to remove */
async function inherit(path: string, mine: Instance, nonce: string): Promise<readonly string[] | undefined> {
  const heirship = `${path}.heir-of-${nonce}`;
  if (await place(heirship, mine)) return [heirship];
  const heir = await readLock(heirship);
  if (heir === undefined || heir.nonce === nonce || (await isAlive(heir))) return undefined;
  const heirships = await inherit(path, mine, heir.nonce);
  return heirships === undefined ? undefined : [heirship, ...heirships];
}

const nonceOf = (found: Instance | undefined) => found?.nonce ?? 'unreadable';

async function readLock(path: string): Promise<Instance | undefined> {
  try {
    return instance.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function inUse(dataDir: string, other: Instance): Permanent {
  const where = other.url === undefined ? 'is starting' : `answers at ${other.url}`;
  return new Permanent(
    'data-dir-in-use',
    `Another Millrace (process ${other.pid}, "${other.command}") works on ${dataDir} and ${where}; use that one, ` +
      'stop it, or give this one a folder and a port of its own: DATA_DIR=./data2 PORT=8081 npm start',
  );
}
