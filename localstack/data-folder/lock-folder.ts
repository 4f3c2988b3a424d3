import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { identify, isAlive } from './process-identity.ts';

const instance = z.object({
  pid: z.int().positive(),
  born: z.string(),
  nonce: z.string(),
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
  for (let tries = 0; tries < 10; tries++) {
    if (await place(path, mine)) return holder(path, mine);
    const other = await readLock(path);
    if (other !== undefined && (await isAlive(other))) throw inUse(dataDir, other);
    await moveAway(path, other);
  }
  throw new Permanent(
    'data-dir-in-use',
    `Several instances are starting on ${dataDir} at once; start only one of them.`,
  );
}

function holder(path: string, mine: Instance): FolderLock {
  return {
    async announce(url) {
      const aside = `${path}.${mine.nonce}`;
      await writeFile(aside, JSON.stringify({ ...mine, url }), { mode: 0o644 });
      await rename(aside, path);
    },
    async release() {
      const found = await readLock(path);
      if (found?.nonce === mine.nonce) await rm(path, { force: true });
    },
  };
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

/** Removes a dead lock; gives back a living one that came into its place meanwhile. */
async function moveAway(path: string, dead: Instance | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readLock(aside);
  if (moved !== undefined && moved.nonce !== dead?.nonce) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

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
