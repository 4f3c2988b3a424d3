import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check, Finding } from './check.ts';

/** Folders that are written to while the platform runs, under DATA_DIR. */
const written = ['.', 'objects', 'keys'];

export const dataFolderCheck: Check = async ({ config }) => {
  for (const name of written) {
    const refused = await tryToWrite(join(config.dataDir, name));
    if (refused !== undefined) return refused;
  }
  return { ok: true, note: `data in ${config.dataDir}` };
};

async function tryToWrite(folder: string, tries = 3): Promise<Finding | undefined> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
    await writeFile(probe, '', { flag: 'wx' });
    return undefined;
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    // Another look at the same folder has just taken away the one that both had made.
    if (failure.code === 'ENOENT' && tries > 1) return await tryToWrite(folder, tries - 1);
    return await refusal(folder, failure);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
    if (made !== undefined) await removeEmpty(folder, dirname(made));
  }
}

/** A look must leave nothing behind: takes away the empty folders from `folder` up to, but not with, `end`. */
async function removeEmpty(folder: string, end: string): Promise<void> {
  for (let at = folder; at !== end; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      // Not empty any more: somebody uses it by now.
      return;
    }
  }
}

async function refusal(folder: string, error: NodeJS.ErrnoException): Promise<Finding> {
  switch (error.code) {
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        ok: false,
        problem: `${folder} cannot be a folder: a file is in the way.`,
        remedy: 'Move the file, or set DATA_DIR to another folder.',
      };
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        ok: false,
        problem: `The disk of ${folder} is full.`,
        remedy: 'Make room, or set DATA_DIR to a folder on another disk.',
      };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        ok: false,
        problem: `${folder} cannot be written to (${error.code})${await ownerOf(folder)}.`,
        remedy: 'Set DATA_DIR to a folder of your own, for instance DATA_DIR="$HOME/millrace-data".',
      };
    default:
      return {
        ok: false,
        problem: `${folder} cannot be used as a data folder: ${error.message}.`,
        remedy: 'Set DATA_DIR to another folder.',
      };
  }
}

/** Says whose folder it is, of the nearest one that exists. */
async function ownerOf(folder: string): Promise<string> {
  try {
    const { uid } = await stat(folder);
    return uid === process.getuid?.()
      ? ''
      : `; ${folder} belongs to user ${uid}, this is user ${process.getuid?.()}`;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? '' : ownerOf(parent);
  }
}
