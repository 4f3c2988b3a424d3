import type { Pool } from 'pg';
import { MillraceError, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import type { Clock } from '#shared/function';
import { createWalks, type Ledger } from '#shared/ledger';
import { createFilesystemStore, type ObjectInfo, type ObjectStore } from '#shared/storage';
import type { Log } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createDecision, isOurs } from './decide.ts';
import { eraseFrom } from './erase.ts';
import { lookInTurn } from './look-in-turn.ts';
import { createNotice, type InboxOwners } from './notice.ts';
import { startSweep } from './sweep.ts';
import { createMatcher } from './template.ts';
import type { Upload } from './upload-record.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { type FolderWatch, watchFolder } from './watch-folder.ts';

const BUCKET = 'inbox';
/** As many decided files are remembered; the others are read again by the sweep, which changes nothing. */
const REMEMBERED = 20_000;

export interface Inbox extends Omit<Uploads, 'complete' | 'expire'> {
  /** Makes an upload visible; a script becomes a run at once. */
  complete(request: { id: string; account: string }): Promise<{ upload: Upload; run: string | undefined }>;
  /** Removes all files and uploads of an account. */
  erase(request: { account: string }): Promise<void>;
  /** Looks at an object that a notice speaks of. @throws what passes: the notice should come again */
  look(key: string): Promise<void>;
  /** The next page of the sweep: now, or only if its turn has come. */
  sweep(when?: 'now' | 'in-turn'): Promise<void>;
  stop(): Promise<void>;
}

type InboxPlace =
  /** The folder; made where it is not there. */
  { readonly root: string } | { readonly store: ObjectStore };

interface InboxOptions {
  topology: Topology;
  artifacts: ObjectStore;
  ledger: Pick<Ledger, 'publish'>;
  pool: Pool;
  /** Whose a file is that is nobody's by its key. */
  account: string;
  /** Default: `prefix` on a folder of this machine, `configured` on a bucket. */
  owners?: InboxOwners | undefined;
  /** Of the sweep; default 6. */
  sweepPagesPerMinute?: number;
  log: Log;
  clock: Clock;
}

/**
 * The inbox, on a folder that is watched or on a bucket whose notices come by a queue; either is swept, and written to
 * by uploads. Each way ends in the same look at the file. What is refused is said in the log and in a note beside the file.
 */
export async function createInbox(options: InboxPlace & InboxOptions): Promise<Inbox> {
  const { topology, artifacts, ledger, pool, account, sweepPagesPerMinute = 6, log, clock } = options;
  const store = 'store' in options ? options.store : await createFilesystemStore({ root: options.root });
  const owners = options.owners ?? ('store' in options ? 'configured' : 'prefix');
  const uploads = createUploads({
    store,
    artifacts,
    clock,
    scripts: owners === 'prefix' ? 'visible' : 'aside',
  });
  const templates = Object.keys(topology.buckets?.[BUCKET] ?? {});
  const match = createMatcher(topology.buckets?.[BUCKET] ?? {});
  /** Files as they were when they were decided on: the sweep need not read them again, nor say the same again. */
  const settled = new Map<string, string>();
  const notice = createNotice({ bucket: BUCKET, store, artifacts, ledger, pool, match, account, owners });

  const { decide, refuse } = createDecision({ store, notice, match, templates, log });

  /** Answers false when it should be looked at again. */
  async function take(key: string): Promise<boolean> {
    if (isOurs(key)) return true;
    const print = await seen(key);
    if (print === undefined) return true;
    if (settled.get(key) === print) return true;
    const isSettled = (await decide(key)).kind !== 'unsettled';
    if (isSettled) remember(key, print);
    return isSettled;
  }

  /** How it is, as far as the store tells without its bytes; undefined where it is gone. */
  async function seen(key: string): Promise<string | undefined> {
    try {
      const found = await store.head(key);
      return found === undefined ? undefined : printOf(found);
    } catch (error) {
      // What the store will never hand out is decided on as well: the decision says why not.
      if (error instanceof MillraceError && error.code === 'object-unreadable') return error.code;
      throw error;
    }
  }

  function remember(key: string, print: string): void {
    settled.delete(key);
    settled.set(key, print);
    if (settled.size > REMEMBERED) settled.delete(settled.keys().next().value ?? key);
  }

  const onError = (error: unknown): void =>
    log.warn({ error }, 'the inbox could not be read; it is tried again');
  const watching: FolderWatch =
    'store' in options
      ? lookInTurn({ onKey: take, onError })
      : await watchFolder({
          root: options.root,
          async onFile(key) {
            try {
              return await take(key);
            } catch (error) {
              onError(error);
              return false;
            }
          },
          onStrange: (key, what) =>
            refuse(key, 'file-not-regular', `it is ${what}; such things are never followed.`),
          onError,
        });
  const sweep = startSweep({
    bucket: BUCKET,
    store,
    uploads,
    pool,
    walks: createWalks({ pool }),
    pagesPerMinute: sweepPagesPerMinute,
    onObject(object) {
      if (settled.get(object.key) !== printOf(object)) watching.touch(object.key);
    },
    onForgotten: (key) => settled.delete(key),
    onError,
  });

  return {
    open: uploads.open,
    receive: uploads.receive,
    receivePart: uploads.receivePart,
    grant: uploads.grant,
    abort: uploads.abort,
    read: uploads.read,
    finished: uploads.finished,
    async complete(request) {
      const { upload, key, at } = await uploads.complete(request);
      if (key === undefined) return { upload, run: undefined };
      await reach('upload.unnoticed');
      const noticed = await notice.take(key, at === undefined ? undefined : { owner: request.account, at });
      return { upload, run: 'run' in noticed ? noticed.run : undefined };
    },
    async erase({ account: owner }) {
      await eraseFrom(store, owner, { owners, owner: account });
    },
    async look(key) {
      if (await take(key)) return;
      throw new Transient(
        'inbox-unsettled',
        `The inbox's file "${key.slice(0, 200)}" is changing; it is looked at again.`,
      );
    },
    sweep: sweep.page,
    async stop() {
      await watching.stop();
      await sweep.stop();
    },
  };
}

/** Changes with the bytes, as far as a listing tells. */
function printOf({ etag, bytes, modifiedAt }: ObjectInfo): string {
  return etag ?? `${bytes} ${modifiedAt.getTime()}`;
}
