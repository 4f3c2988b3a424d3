import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { z } from 'zod';
import { Conflict, MillraceError, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import type { Clock } from '#shared/function';
import type { ObjectStore } from '#shared/storage';
import { headBytes, kindOf } from './kinds.ts';

/** How long an upload may take, from its opening to its completion. */
const lifeMs = 3_600_000;
/** Completed files that no inbound template takes are kept for so long, to be used in calls. */
const keptMs = 7 * 86_400_000;

/** The record of an upload, which lies beside its bytes. */
export const record = z.strictObject({
  id: z.uuid(),
  account: z.string(),
  name: z.string(),
  type: z.string(),
  /** Declared: the upload must have exactly so many. */
  bytes: z.int().nonnegative().optional(),
  maxBytes: z.int().positive(),
  sha256: z.string().optional(),
  status: z.enum(['open', 'received', 'completed']),
  received: z.strictObject({ bytes: z.int(), sha256: z.string() }).optional(),
  expiresAt: z.iso.datetime(),
});

export type Upload = z.infer<typeof record>;

/** A completed upload, as far as a run copies it. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Streams it to a key of the artifacts bucket. */
  copyTo(key: string): Promise<void>;
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
  /** Makes it visible. Completing twice is the same. @throws Permanent `upload-not-found`, Conflict */
  complete(request: { id: string; account: string }): Promise<{ upload: Upload; key: string | undefined }>;
  abort(request: { id: string; account: string }): Promise<void>;
  read(request: { id: string; account: string }): Promise<Upload>;
  finished(request: { id: string; account: string }): Promise<UploadedFile | undefined>;
  /** Removes what has expired. */
  expire(id: string): Promise<void>;
}

/** Where uploads lie until they are complete, and media until it is used. */
export const staging = '.uploads/';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Uploads on any store: a record and the bytes aside; the completion copies a script to where the inbox notices it. */
export function createUploads({
  store,
  artifacts,
  clock,
}: {
  store: ObjectStore;
  artifacts: ObjectStore;
  clock: Clock;
}): Uploads {
  const recordKey = (id: string): string => `${staging}${id}/upload.json`;
  const bytesKey = (id: string): string => `${staging}${id}/bytes`;

  async function save(upload: Upload): Promise<Upload> {
    await store.put(recordKey(upload.id), Buffer.from(JSON.stringify(upload)));
    return upload;
  }

  async function load(id: string): Promise<Upload | undefined> {
    if (!uuid.test(id)) return undefined;
    try {
      return record.parse(JSON.parse(await text(await store.get(recordKey(id)))));
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'object-not-found') return undefined;
      throw error;
    }
  }

  async function live(id: string, account?: string): Promise<Upload> {
    const upload = await load(id);
    const isOver = upload !== undefined && Date.parse(upload.expiresAt) <= clock.now().getTime();
    if (upload === undefined || isOver || (account !== undefined && upload.account !== account)) {
      throw new Permanent('upload-not-found', 'There is no such upload, or it has expired; open a new one.');
    }
    return upload;
  }

  async function remove(id: string): Promise<void> {
    await store.remove(bytesKey(id));
    await store.remove(recordKey(id));
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
      return save({
        id: randomUUID(),
        account,
        name,
        type,
        ...(bytes === undefined ? {} : { bytes }),
        maxBytes,
        ...(sha256 === undefined ? {} : { sha256 }),
        status: 'open',
        expiresAt: new Date(clock.now().getTime() + lifeMs).toISOString(),
      });
    },

    async receive({ id, body, signal }) {
      const upload = await live(id);
      if (upload.status === 'completed') {
        throw new Conflict(
          'upload-completed',
          'This upload is complete and takes no more bytes; open a new one.',
        );
      }
      // Under a name of its own: a second sender can neither mix its bytes in nor replace checked ones unnoticed.
      const aside = `${staging}${id}/${randomUUID()}`;
      try {
        const stored = await store.put(aside, body, { maxBytes: upload.bytes ?? upload.maxBytes, signal });
        const wrong = await whyWrong(upload, stored, await headOf(store, aside, stored.bytes));
        if (wrong !== undefined) throw wrong;
        await store.copy(aside, bytesKey(id));
        await reach('upload.checked');
        const { bytes, sha256 } = stored;
        return await save({ ...upload, status: 'received', received: { bytes, sha256 } });
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'object-too-large') {
          throw new Permanent('file-too-large', `More than ${upload.bytes ?? upload.maxBytes} bytes came.`);
        }
        throw error;
      } finally {
        await store.remove(aside);
      }
    },

    async complete({ id, account }) {
      const upload = await live(id, account);
      if (upload.status === 'open' || upload.received === undefined) {
        throw new Conflict(
          'upload-empty',
          'No bytes have come yet; send them with PUT to the upload’s url first.',
        );
      }
      const isScript = kindOf(upload.name).kind === 'script';
      const key = isScript ? `scripts/${account}/${upload.name}` : undefined;
      if (upload.status === 'completed') return { upload, key };
      // What lies there may differ from what was checked only if another sender came since: look once more.
      const there = await store.head(bytesKey(id));
      if (there?.bytes !== upload.received.bytes) {
        throw new Conflict('upload-changed', 'The bytes changed since they were checked; send them again.');
      }
      if (key !== undefined) await store.copy(bytesKey(id), key);
      await reach('upload.visible');
      const kept = new Date(clock.now().getTime() + keptMs).toISOString();
      return { upload: await save({ ...upload, status: 'completed', expiresAt: kept }), key };
    },

    async abort({ id, account }) {
      await live(id, account);
      await remove(id);
    },

    read: ({ id, account }) => live(id, account),

    async finished({ id, account }) {
      const upload = await live(id, account).catch(() => undefined);
      if (upload?.status !== 'completed' || upload.received === undefined) return undefined;
      const { name, type, received } = upload;
      return {
        name,
        type,
        ...received,
        async copyTo(key) {
          await artifacts.put(key, await store.get(bytesKey(id)), { type });
        },
      };
    },

    async expire(id) {
      const upload = await load(id).catch(() => undefined);
      if (upload === undefined || Date.parse(upload.expiresAt) <= clock.now().getTime()) await remove(id);
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

async function headOf(store: ObjectStore, key: string, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  return await buffer(await store.get(key, { range: { start: 0, end: Math.min(bytes, headBytes) } }));
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
