import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Conflict, MillraceError, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import type { Clock } from '#shared/function';
import type { ObjectStore } from '#shared/storage';
import { HEAD_BYTES, kindOf } from './kinds.ts';
import { chooseWay, discard, type Grant, gather, grantFor, receivePart } from './sending.ts';
import { bytesKey, folderOf, readRecord, recordKey, sentKey, type Upload } from './upload-record.ts';

/** How long an upload may take, from its opening to its completion. */
const LIFE_MS = 3_600_000;
/** In parts over a slow line, and with a night in between. */
const PARTS_LIFE_MS = 24 * LIFE_MS;
/** Completed files that no inbound template takes are kept for so long, to be used in calls. */
const KEPT_MS = 7 * 86_400_000;

/** A completed upload, as far as a run copies it. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Streams it to a key of the artifacts bucket. */
  copyTo(key: string): Promise<void>;
  read(): Promise<Readable>;
}

export interface Uploads {
  /** @throws Permanent `upload-name-invalid`, `file-kind-unknown`, `file-too-large` */
  open(request: {
    account: string;
    name: string;
    bytes?: number | undefined;
    sha256?: string | undefined;
  }): Promise<Upload>;
  /** Streams the bytes aside; nobody sees them. @throws Permanent, Conflict */
  receive(request: { id: string; body: Readable; signal: AbortSignal }): Promise<Upload>;
  /** How to send the bytes, or what of them is still missing. */
  grant(upload: Upload): Promise<Grant>;
  /** Streams one part aside, of an upload whose parts are sent to us. @throws Permanent, Conflict */
  receivePart(request: { id: string; number: number; body: Readable; signal: AbortSignal }): Promise<void>;
  /**
   * Makes it visible. Completing twice is the same. `key`: where the inbox notices it; `at`: where it lies, if not there.
   *
   * @throws Permanent `upload-not-found`, Conflict
   */
  complete(request: {
    id: string;
    account: string;
  }): Promise<{ upload: Upload; key: string | undefined; at: string | undefined }>;
  abort(request: { id: string; account: string }): Promise<void>;
  read(request: { id: string; account: string }): Promise<Upload>;
  finished(request: { id: string; account: string }): Promise<UploadedFile | undefined>;
  /** Removes what has expired, or only looks; answers whether it has. */
  expire(id: string, mode?: 'remove' | 'dry-run'): Promise<boolean>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Uploads on any store: a record and the bytes aside; the completion copies a script to where the inbox notices it. */
export function createUploads({
  store,
  artifacts,
  clock,
  scripts,
}: {
  store: ObjectStore;
  artifacts: ObjectStore;
  clock: Clock;
  /** `aside`: where others can write under any key, a completed script stays where only we can. */
  scripts: 'visible' | 'aside';
}): Uploads {
  async function save(upload: Upload): Promise<Upload> {
    await store.put(recordKey(upload.id), Buffer.from(JSON.stringify(upload)));
    return upload;
  }

  async function load(id: string): Promise<Upload | undefined> {
    return UUID.test(id) ? await readRecord(store, recordKey(id)) : undefined;
  }

  /** If it is there, has not expired, and is this account's. */
  async function find(id: string, account?: string): Promise<Upload | undefined> {
    const upload = await load(id);
    const isOver = upload !== undefined && Date.parse(upload.expiresAt) <= clock.now().getTime();
    return isOver || (account !== undefined && upload?.account !== account) ? undefined : upload;
  }

  async function live(id: string, account?: string): Promise<Upload> {
    const upload = await find(id, account);
    if (upload !== undefined) return upload;
    throw new Permanent('upload-not-found', 'There is no such upload, or it has expired; open a new one.');
  }

  async function remove(id: string): Promise<void> {
    const upload = await load(id);
    await discard(store, id, upload?.sending);
  }

  /** Checks what lies aside, and copies it to where no client can write. */
  async function takeIn(
    upload: Upload,
    aside: string,
    stored: { bytes: number; sha256: string },
  ): Promise<Upload> {
    const { id } = upload;
    const wrong = await whyWrong(upload, stored, await headOf(store, aside, stored.bytes));
    if (wrong !== undefined) throw wrong;
    await store.copy(aside, bytesKey(id));
    await reach('upload.checked');
    return await save({
      ...upload,
      status: 'received',
      received: { bytes: stored.bytes, sha256: stored.sha256 },
    });
  }

  /** What was not sent through our hands is read once: nothing that the store says of it is taken for true. */
  async function fetchSent(upload: Upload): Promise<Upload> {
    const aside = `${folderOf(upload.id)}${randomUUID()}`;
    try {
      await gather(store, upload, aside);
      return await takeIn(upload, aside, await measure(store, aside));
    } catch (error) {
      // Other bytes than were announced: this upload cannot become what it was opened for.
      if (error instanceof Permanent) await remove(upload.id);
      // Another request may have completed it meanwhile, and taken what was sent away.
      const now = error instanceof Conflict ? await live(upload.id) : upload;
      if (now.status !== 'open') return now;
      throw error;
    } finally {
      await store.remove(aside);
    }
  }

  /** What the client sent lies checked elsewhere now. */
  async function removeSent({ id, sending }: Upload): Promise<void> {
    if (sending === undefined) return;
    await store.remove(sentKey(id));
    await store.removeUnder(`${folderOf(id)}parts/`);
  }

  return {
    async open({ account, name, bytes, sha256 }) {
      checkName(name);
      const { type, maxBytes } = kindOf(name);
      if (bytes !== undefined && bytes > maxBytes) {
        throw new Permanent('file-too-large', `A ${type} may have ${maxBytes} bytes; this has ${bytes}.`, {
          field: 'bytes',
        });
      }
      const id = randomUUID();
      const sending = await chooseWay(store, { id, type, bytes });
      const isParts = sending !== undefined && sending.way !== 'store-put';
      return save({
        id,
        account,
        name,
        type,
        ...(bytes === undefined ? {} : { bytes }),
        maxBytes,
        ...(sha256 === undefined ? {} : { sha256 }),
        status: 'open',
        ...(sending === undefined ? {} : { sending }),
        expiresAt: new Date(clock.now().getTime() + (isParts ? PARTS_LIFE_MS : LIFE_MS)).toISOString(),
      });
    },

    async receive({ id, body, signal }) {
      const upload = await live(id);
      if (upload.status === 'completed') {
        throw alreadyComplete();
      }
      // Under a name of its own: a second sender can neither mix its bytes in nor replace checked ones unnoticed.
      const aside = `${folderOf(id)}${randomUUID()}`;
      try {
        const stored = await store.put(aside, body, { maxBytes: upload.bytes ?? upload.maxBytes, signal });
        return await takeIn(upload, aside, stored);
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'object-too-large') {
          throw new Permanent('file-too-large', `More than ${upload.bytes ?? upload.maxBytes} bytes came.`);
        }
        throw error;
      } finally {
        await store.remove(aside);
      }
    },

    grant: (upload) => grantFor(store, upload),

    async receivePart({ id, number, body, signal }) {
      const upload = await live(id);
      if (upload.status === 'completed') throw alreadyComplete();
      await receivePart(store, { upload, number, body, signal });
    },

    async complete({ id, account }) {
      const opened = await live(id, account);
      const upload = opened.status === 'open' ? await fetchSent(opened) : opened;
      if (upload.received === undefined) throw new Conflict('upload-empty', 'No bytes have come yet.');
      const isScript = kindOf(upload.name).kind === 'script';
      const key = isScript ? `scripts/${account}/${upload.name}` : undefined;
      const at = scripts === 'aside' && isScript ? bytesKey(id) : undefined;
      if (upload.status === 'completed') return { upload, key, at };
      // What lies there may differ from what was checked only if another sender came since: look once more.
      const there = await store.head(bytesKey(id));
      if (there?.bytes !== upload.received.bytes) {
        throw new Conflict('upload-changed', 'The bytes changed since they were checked; send them again.');
      }
      if (key !== undefined && at === undefined) await store.copy(bytesKey(id), key);
      await reach('upload.visible');
      await removeSent(upload);
      const kept = new Date(clock.now().getTime() + KEPT_MS).toISOString();
      return { upload: await save({ ...upload, status: 'completed', expiresAt: kept }), key, at };
    },

    async abort({ id, account }) {
      await live(id, account);
      await remove(id);
    },

    read: ({ id, account }) => live(id, account),

    async finished({ id, account }) {
      const upload = await find(id, account);
      if (upload?.status !== 'completed' || upload.received === undefined) return undefined;
      const { name, type, received } = upload;
      return {
        name,
        type,
        ...received,
        read: () => store.get(bytesKey(id)),
        async copyTo(key) {
          await artifacts.put(key, await store.get(bytesKey(id)), { type });
        },
      };
    },

    async expire(id, mode = 'remove') {
      const upload = await load(id);
      const isOver = upload === undefined || Date.parse(upload.expiresAt) <= clock.now().getTime();
      if (isOver && mode === 'remove') await remove(id);
      return isOver;
    },
  };
}

/** @throws Permanent `upload-name-invalid` */
function checkName(name: string): void {
  const isPlain = /^[^/\\\p{Cc}]{1,150}$/u.test(name) && name.isWellFormed() && !name.startsWith('.');
  if (isPlain && Buffer.byteLength(name) <= 200) return;
  throw new Permanent(
    'upload-name-invalid',
    'A name is 1 to 150 characters without slashes and control characters, and begins with no dot.',
    { field: 'name' },
  );
}

function alreadyComplete(): Conflict {
  return new Conflict('upload-completed', 'This upload is complete and takes no more bytes; open a new one.');
}

async function measure(store: ObjectStore, key: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of await store.get(key)) {
    bytes += (chunk as Buffer).length;
    hash.update(chunk as Buffer);
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function headOf(store: ObjectStore, key: string, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  return await buffer(await store.get(key, { range: { start: 0, end: Math.min(bytes, HEAD_BYTES) } }));
}

async function whyWrong(
  upload: Upload,
  stored: { bytes: number; sha256: string },
  head: Buffer,
): Promise<Permanent | undefined> {
  if (upload.bytes !== undefined && stored.bytes !== upload.bytes) {
    return new Permanent('upload-size-differs', `${stored.bytes} bytes came in place of ${upload.bytes}.`);
  }
  if (upload.sha256 !== undefined && stored.sha256 !== upload.sha256) {
    return new Permanent('upload-checksum-differs', `The SHA-256 of what came is ${stored.sha256}.`);
  }
  if (!kindOf(upload.name).looksRight(head)) {
    return new Permanent('file-not-what-it-says', `The bytes are no ${upload.type}, which the name says.`);
  }
  return undefined;
}
