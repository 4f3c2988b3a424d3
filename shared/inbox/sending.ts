import { Readable } from 'node:stream';
import { Conflict, Permanent } from '#shared/errors';
import type { ObjectStore, SentPart } from '#shared/storage';
import { folderOf, partKey, type Sending, sentKey, type Upload } from './upload-record.ts';

const MIB = 2 ** 20;
/** Larger files go in parts: what a broken line lost is one of them. */
const ONE_PUT_BYTES = 32 * MIB;
const PART_BYTES = 16 * MIB;

/** One part as a client sees it; `url` undefined: it goes to us. */
export interface PartGrant {
  readonly number: number;
  readonly bytes: number;
  readonly url: string | undefined;
  readonly isSent: boolean;
}

/** How to send the bytes; `url` undefined: they go to us. */
export type Grant =
  | { readonly method: 'put'; readonly url: string | undefined; readonly headers: Record<string, string> }
  | {
      readonly method: 'multipart';
      readonly parts: readonly PartGrant[];
      readonly headers: Record<string, string>;
    };

/** Chooses the way of an upload whose size is known; undefined: one PUT to us, measured while it streams in. */
export async function chooseWay(
  store: ObjectStore,
  { id, type, bytes }: { id: string; type: string; bytes: number | undefined },
): Promise<Sending | undefined> {
  if (bytes === undefined) return undefined;
  const isLarge = bytes > ONE_PUT_BYTES;
  if (store.direct === undefined) return isLarge ? { way: 'own-parts', partBytes: PART_BYTES } : undefined;
  if (!isLarge) return { way: 'store-put' };
  const upload = await store.direct.begin({ key: sentKey(id), type });
  return { way: 'store-parts', upload, partBytes: PART_BYTES };
}

/** What a client is to do; for an upload that was interrupted, what is still missing. */
export async function grantFor(store: ObjectStore, upload: Upload): Promise<Grant> {
  const { id, type, bytes = 0, sha256, sending } = upload;
  const expiresAt = new Date(upload.expiresAt);
  if (sending === undefined) return { method: 'put', url: undefined, headers: { 'Content-Type': type } };
  const { direct } = store;
  if (sending.way === 'store-put') {
    if (direct === undefined) throw otherStore();
    const signed = await direct.signPut({ key: sentKey(id), type, bytes, sha256, expiresAt });
    return { method: 'put', url: signed.url, headers: { ...signed.headers } };
  }
  const sent = new Map((await sentParts(store, upload)).map((part) => [part.number, part.bytes]));
  const parts = partsOf(bytes, sending.partBytes).map(async (part): Promise<PartGrant> => {
    const isSent = sent.get(part.number) === part.bytes;
    if (sending.way === 'own-parts') return { ...part, url: undefined, isSent };
    if (direct === undefined) throw otherStore();
    const place = { key: sentKey(id), upload: sending.upload, expiresAt };
    return { ...part, url: await direct.signPart({ ...place, ...part }), isSent };
  });
  return { method: 'multipart', parts: await Promise.all(parts), headers: {} };
}

/**
 * Puts what a client sent under a key that it cannot write to. Nothing of it has been looked at yet.
 *
 * @throws Conflict `upload-empty`, `upload-incomplete` naming the parts that are missing
 */
export async function gather(store: ObjectStore, upload: Upload, to: string): Promise<void> {
  const { id, bytes = 0, sending } = upload;
  if (sending === undefined) throw nothingCame();
  if (sending.way === 'store-put') {
    const there = await store.head(sentKey(id));
    if (there === undefined) throw nothingCame();
    if (there.bytes !== bytes) throw otherSize(there.bytes, bytes);
    await store.copy(sentKey(id), to);
    return;
  }
  const sent = await sentParts(store, upload);
  const wanted = partsOf(bytes, sending.partBytes);
  const isWhole = sending.way === 'store-parts' && (await store.head(sentKey(id))) !== undefined;
  const missing = wanted.filter(
    ({ number, bytes: size }) => !sent.some((part) => part.number === number && part.bytes === size),
  );
  if (missing.length > 0 && !isWhole) throw incomplete(missing.map(({ number }) => number));
  if (sending.way === 'own-parts') {
    await store.put(to, Readable.from(joined(store, id, wanted.length), { objectMode: false }));
    return;
  }
  const object = { key: sentKey(id), upload: sending.upload };
  if (!isWhole) await store.direct?.complete({ ...object, parts: sent });
  await store.copy(sentKey(id), to);
}

/** One part that is sent to us. @throws Permanent `upload-part-unknown`, `upload-size-differs` */
export async function receivePart(
  store: ObjectStore,
  request: { upload: Upload; number: number; body: Readable; signal: AbortSignal },
): Promise<void> {
  const { upload, number, body, signal } = request;
  const { id, bytes = 0, sending } = upload;
  const part =
    sending?.way === 'own-parts'
      ? partsOf(bytes, sending.partBytes).find((one) => one.number === number)
      : undefined;
  if (part === undefined) {
    body.destroy();
    throw new Permanent('upload-part-unknown', `This upload has no part ${number} that is sent here.`);
  }
  const stored = await store.put(partKey(id, number), body, { maxBytes: part.bytes, signal });
  if (stored.bytes === part.bytes) return;
  await store.remove(partKey(id, number));
  throw otherSize(stored.bytes, part.bytes);
}

/** Removes all of an upload, what lies in the store's own hands first. */
export async function discard(store: ObjectStore, id: string, sending: Sending | undefined): Promise<void> {
  if (sending?.way === 'store-parts') {
    await store.direct?.abort({ key: sentKey(id), upload: sending.upload });
  }
  await store.removeUnder(folderOf(id));
}

function partsOf(bytes: number, size: number): { number: number; bytes: number }[] {
  return Array.from({ length: Math.ceil(bytes / size) }, (_, index) => ({
    number: index + 1,
    bytes: Math.min(size, bytes - index * size),
  }));
}

async function sentParts(store: ObjectStore, { id, sending }: Upload): Promise<readonly SentPart[]> {
  if (sending?.way === 'store-parts') {
    return (await store.direct?.parts({ key: sentKey(id), upload: sending.upload })) ?? [];
  }
  const { objects } = await store.list(`${folderOf(id)}parts/`);
  return objects.map(({ key, bytes }) => ({ number: Number(key.split('/').at(-1)), bytes, etag: '' }));
}

async function* joined(store: ObjectStore, id: string, parts: number): AsyncGenerator<Buffer> {
  for (let number = 1; number <= parts; number += 1) yield* await store.get(partKey(id, number));
}

function nothingCame(): Conflict {
  return new Conflict(
    'upload-empty',
    'No bytes have come yet; send them with PUT to the upload’s url first.',
  );
}

function otherSize(came: number, wanted: number): Permanent {
  return new Permanent('upload-size-differs', `${came} bytes came in place of ${wanted}.`);
}

function incomplete(missing: readonly number[]): Conflict {
  const shown = missing.slice(0, 20).join(', ');
  return new Conflict(
    'upload-incomplete',
    `${missing.length} parts are missing or have another size: ${shown}; read the upload for their urls.`,
    { details: { missing } },
  );
}

function otherStore(): Permanent {
  return new Permanent('upload-not-found', 'It was opened on another store; open a new one.');
}
