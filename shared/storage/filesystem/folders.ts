import { type FileHandle, link, lstat, mkdir, open, realpath, rename, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import { codeOf } from './failures.ts';

/** Makes a rename or a new name survive a power cut: the folder that holds it is written out. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    // Pruned meanwhile: then there is nothing left in it to keep.
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await folder?.close();
  }
}

/** Whether the folder is where it says: no part of its path is a symbolic link that leads elsewhere. */
export async function isTrue(folder: string): Promise<boolean> {
  return realpath(folder).then(
    (real) => real === folder,
    () => false,
  );
}

/**
 * Moves a finished file to its name, making the folders. A folder that a neighbour's removal prunes between
 * the making and the move is made again.
 */
export async function moveInto(options: {
  root: string;
  file: string;
  path: string;
  /** Refuse (EEXIST) where something has this name already. */
  once?: true;
}): Promise<void> {
  const { root, file, path, once } = options;
  const folder = dirname(path);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await refuseLinks(root, folder);
      const first = await mkdir(folder, { recursive: true });
      // Pruned again, or swapped for a link in this moment: look again.
      if (!(await isTrue(folder)) && attempt <= 100) continue;
      await reach('store.folder');
      await (once ? link(file, path) : rename(file, path));
      await reach('store.renamed');
      for (let at = folder; first !== undefined && at.startsWith(first); at = dirname(at)) {
        await syncFolder(dirname(at));
      }
      await syncFolder(folder);
      return;
    } catch (error) {
      const code = codeOf(error);
      const pruned = code === 'ENOENT' && (await lstat(file).catch(() => undefined)) !== undefined;
      // An empty folder under this name is somebody's remains; a full one is refused below.
      const cleared = (code === 'EISDIR' || (once && code === 'EEXIST')) && (await emptied(path));
      if (attempt > 100 || !(pruned || cleared)) throw error;
    }
  }
}

/** Looked at before anything is made: a link must not have folders made behind it. */
async function refuseLinks(root: string, folder: string): Promise<void> {
  let at = root;
  for (const segment of relative(root, folder).split(sep)) {
    at = join(at, segment);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink()) {
      throw new Permanent('key-blocked', 'A folder of this key is a symbolic link; links are not followed.', {
        field: 'key',
      });
    }
  }
}

async function emptied(path: string): Promise<boolean> {
  return rmdir(path).then(
    () => true,
    () => false,
  );
}

/** Removes the folders that a removal left empty, upwards, and stops at the first that is not. */
export async function prune(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root && at.startsWith(join(root, '/')); at = dirname(at)) {
    if (!(await emptied(at))) return;
  }
}
