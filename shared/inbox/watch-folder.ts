import { type FSWatcher, type Stats, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { checkKey } from '#shared/storage';

/** A file that has not changed for so long is taken to be whole, in milliseconds. */
const STABLE_MS = 2_000;
const LOOK_EVERY_MS = 500;
/** After the system's watch broke off in the middle of a folder. */
const LOOK_AGAIN_MS = 1_000;
/** As many entries of one look into a folder are followed. */
const MOST_ENTRIES = 10_000;

interface Pending {
  /** Size, time of change and inode as they were, and since when. */
  readonly print: string;
  readonly since: number;
}

export interface FolderWatch {
  /** Look at this key as if it had just changed. */
  touch(key: string): void;
  stop(): Promise<void>;
}

/**
 * Watches a folder tree and tells of each regular file once it has rested for two seconds. Links, pipes, sockets
 * and devices are never opened: `onStrange` is told. What the system does not report, {@link FolderWatch.touch} adds.
 */
export async function watchFolder(options: {
  root: string;
  /** Answers false when it wants to be told again. */
  onFile: (key: string) => Promise<boolean>;
  onStrange: (key: string, what: string) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<FolderWatch> {
  const { root, onFile, onStrange, onError } = options;
  const pending = new Map<string, Pending>();
  const told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  function touch(key: string): void {
    if (isStopped || key === '' || key.split('/').some((part) => part.startsWith('.'))) return;
    if (!pending.has(key)) pending.set(key, { print: '', since: 0 });
    timer ??= setTimeout(tick, LOOK_EVERY_MS);
  }

  function tick(): void {
    looking = look().then(
      () => {
        timer = isStopped || pending.size === 0 ? undefined : setTimeout(tick, LOOK_EVERY_MS);
      },
      (error: unknown) => {
        onError(error);
        timer = isStopped ? undefined : setTimeout(tick, LOOK_EVERY_MS * 10);
      },
    );
  }

  async function look(): Promise<void> {
    for (const [key, before] of [...pending]) {
      if (isStopped) return;
      const found = await lstat(join(root, key)).catch(() => undefined);
      if (found === undefined) {
        pending.delete(key);
        told.delete(key);
      } else if (found.isDirectory()) {
        pending.delete(key);
        for (const name of await entries(key)) touch(`${key}/${name}`);
      } else if (!found.isFile() || !canBeKey(key)) {
        pending.delete(key);
        if (!told.has(key)) await onStrange(key, whatIs(found));
        told.add(key);
      } else {
        const print = `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;
        const now = performance.now();
        if (print !== before.print) pending.set(key, { print, since: now });
        else if (now - before.since >= STABLE_MS) {
          pending.delete(key);
          if (!(await onFile(key))) touch(key);
        }
      }
    }
  }

  async function entries(key: string): Promise<readonly string[]> {
    return (await readdir(join(root, key)).catch(() => [])).slice(0, MOST_ENTRIES);
  }

  /** What is no file is in no listing of objects, so the sweep would never meet it. */
  async function lookForStrange(folder: string): Promise<void> {
    for (const name of await entries(folder)) {
      const key = folder === '' ? name : `${folder}/${name}`;
      const found = isStopped ? undefined : await lstat(join(root, key)).catch(() => undefined);
      if (found?.isDirectory() && !name.startsWith('.')) await lookForStrange(key);
      else if (found !== undefined && (!found.isFile() || !canBeKey(key))) touch(key);
    }
  }

  let again: NodeJS.Timeout | undefined;
  const complain = once(onError);
  function brokeOff(error: Error): void {
    complain(error);
    again ??= setTimeout(() => {
      again = undefined;
      lookForStrange('').catch(onError);
    }, LOOK_AGAIN_MS);
  }

  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(root, { recursive: true }, (_event, name) => touch((name ?? '').split(sep).join('/')));
    watcher.on('error', brokeOff);
  } catch (error) {
    // Where the system cannot watch, the sweep finds everything, later.
    onError(error);
  }
  for (const name of await entries('')) touch(name);

  return {
    touch,
    async stop() {
      isStopped = true;
      watcher?.close();
      clearTimeout(again);
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}

/** Told once of each: a link that leads to itself is complained of with every change beside it. */
function once(onError: (error: unknown) => void): (error: Error) => void {
  const told = new Set<string>();
  return (error) => {
    if (told.has(error.message) || told.size >= MOST_ENTRIES) return;
    told.add(error.message);
    onError(error);
  };
}

function whatIs(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  return found.isFile() ? 'a file whose name has characters that no key can have' : 'no regular file';
}

function canBeKey(key: string): boolean {
  try {
    checkKey(key);
    return true;
  } catch {
    return false;
  }
}
