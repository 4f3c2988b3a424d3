import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, constants, copyFile, link, mkdir, open, realpath, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import { alreadyExists, notFound } from '../failures.ts';
import { checkKey, checkPrefix, checkWholePrefix, incoming, isKey } from '../key.ts';
import { mediaTypeOf } from '../media-type.ts';
import type { ObjectInfo, ObjectStore } from '../object-store.ts';
import { codeOf, writeFailure } from './failures.ts';
import { isTrue, moveInto, prune, syncFolder } from './folders.ts';
import { openObject, regularFile } from './read.ts';
import { receive } from './receive.ts';
import { sweepLeftovers } from './sweep.ts';
import { walk } from './walk.ts';

export interface FilesystemStoreOptions {
  /** The bucket's folder; made where missing. A key is a path under it. */
  readonly root: string;
  /** Where bytes wait until they are whole; on the same device. Default: `.incoming` in the root. */
  readonly temporary?: string;
  /**
   * Half-written bytes that are older go when the store is opened; milliseconds. Default: a day, because other
   * processes may be writing. Who knows that none is (a platform that starts) says 0.
   */
  readonly leftoverMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * A bucket in a folder. An object appears by a rename, after its bytes are on the disk, so a reader sees an old
 * one or a new one, whole, whatever dies in between. Objects are read-only files (0444).
 *
 * @throws Permanent `storage-folder` where the folders cannot be used
 */
export async function createFilesystemStore(
  options: FilesystemStoreOptions,
): Promise<ObjectStore & Required<Pick<ObjectStore, 'localPath'>>> {
  const { root, aside } = await openFolders(options);
  await sweepLeftovers({ folder: aside, now: new Date(), olderThanMs: options.leftoverMs ?? DAY_MS });

  function pathOf(key: string): string {
    checkKey(key);
    return join(root, key);
  }

  /** Runs `work` with a private name beside the objects; whatever is left under it afterwards goes. */
  async function withTemporary<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = join(aside, randomBytes(16).toString('hex'));
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async function appear(move: {
    key: string;
    temporary: string;
    path: string;
    once: boolean;
  }): Promise<void> {
    const { key, temporary: file, path, once } = move;
    try {
      await moveInto({ root, file, path, ...(once ? { once } : {}) });
    } catch (error) {
      if (once && (await regularFile(path)) !== undefined) throw alreadyExists(key);
      throw error;
    }
  }

  async function remove(key: string): Promise<void> {
    const path = pathOf(key);
    const folder = dirname(path);
    if (!(await isTrue(folder))) return;
    await reach('store.removing');
    await unlink(path).catch((error: unknown) => {
      // A folder of that name (EISDIR on Linux, EPERM elsewhere) is not this object.
      if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM'].includes(codeOf(error))) throw error;
    });
    await syncFolder(folder);
    await prune(root, folder);
  }

  return {
    localPath: pathOf,

    async put(key, body, settings = {}) {
      const path = pathOf(key);
      try {
        return await withTemporary(async (temporary) => {
          settings.signal?.throwIfAborted();
          const file = await open(temporary, 'wx', 0o600);
          try {
            const received = await receive(file, key, body, settings);
            await file.chmod(0o444);
            const { mtime } = await file.stat();
            await appear({ key, temporary, path, once: settings.create === 'once' });
            return { key, type: mediaTypeOf(key), modifiedAt: mtime, ...received };
          } finally {
            await file.close();
          }
        });
      } catch (error) {
        throw writeFailure(error, key, settings.signal);
      } finally {
        if (!(body instanceof Uint8Array)) body.destroy();
      }
    },

    get: async (key, { range, signal } = {}) => openObject({ key, path: pathOf(key), range, signal }),

    async head(key) {
      const found = await regularFile(pathOf(key));
      return found === undefined ? undefined : describe(key, found);
    },

    async list(prefix, { after = '', limit = 1_000 } = {}) {
      checkPrefix(prefix);
      const size = Math.min(Math.max(Math.trunc(limit), 1), 1_000);
      const objects: ObjectInfo[] = [];
      for await (const key of walk({ root, prefix, after })) {
        // Names that people dropped and no key can have are not objects.
        const found = isKey(key) ? await regularFile(join(root, key)) : undefined;
        if (found === undefined) continue;
        const last = objects.at(-1);
        if (objects.length === size && last !== undefined) return { objects, next: last.key };
        objects.push(describe(key, found));
      }
      return { objects };
    },

    async copy(from, to) {
      const [source, path] = [pathOf(from), pathOf(to)];
      try {
        await withTemporary(async (temporary) => {
          const found = await regularFile(source);
          if (found === undefined) throw notFound(from);
          await duplicate({ source, temporary, found, key: from });
          await moveInto({ root, file: temporary, path });
        });
      } catch (error) {
        throw writeFailure(error, to);
      }
    },

    remove,

    removeUnfinished: (request) => sweepLeftovers({ folder: aside, now: new Date(), ...request }),

    async removeUnder(prefix) {
      checkWholePrefix(prefix);
      let removed = 0;
      for await (const key of walk({ root, prefix, after: '' })) {
        if (!isKey(key) || (await regularFile(join(root, key))) === undefined) continue;
        await remove(key);
        removed += 1;
      }
      return removed;
    },
  };
}

async function openFolders({ root, temporary }: FilesystemStoreOptions) {
  try {
    await mkdir(root, { recursive: true });
    const [realRoot, aside] = [await realpath(root), temporary ?? join(await realpath(root), incoming)];
    await mkdir(aside, { recursive: true, mode: 0o700 });
    if ((await stat(aside)).dev !== (await stat(realRoot)).dev) {
      throw new Permanent('storage-folder', `${aside} must be on the same device as ${realRoot}.`);
    }
    return { root: realRoot, aside };
  } catch (cause) {
    if (cause instanceof Permanent) throw cause;
    throw new Permanent('storage-folder', `The folder ${root} cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function describe(key: string, { size, mtime }: Stats): ObjectInfo {
  return { key, bytes: size, type: mediaTypeOf(key), modifiedAt: mtime };
}

/**
 * A second name for the bytes; a real copy where the device has no hard links, or the file could still be
 * changed in place (somebody dropped it: it is not one of our read-only objects).
 */
async function duplicate(options: { source: string; temporary: string; found: Stats; key: string }) {
  const { source, temporary, found, key } = options;
  try {
    if ((found.mode & 0o222) === 0) {
      await link(source, temporary);
      await reach('store.linked');
      if ((await regularFile(temporary)) !== undefined) return;
      throw notFound(key);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw notFound(key);
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
  }
  await copyFile(source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(temporary, 'r');
  await file.sync().finally(() => file.close());
  await chmod(temporary, 0o444);
}
