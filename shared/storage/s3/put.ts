import { createHash, randomUUID } from 'node:crypto';
import { addAbortSignal, pipeline, Readable, Transform } from 'node:stream';
import {
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { aborted, alreadyExists, tooLarge } from '../failures.ts';
import { mediaTypeOf } from '../media-type.ts';
import type { PutOptions, StoredObject } from '../object-store.ts';
import type { Bucket } from './client.ts';
import { nameOf, statusOf } from './failures.ts';
import { guardUpload } from './guard-upload.ts';

/** Larger bodies in memory go in parts too: a lost connection costs a part, not the whole. */
const ONE_REQUEST_BYTES = 64 * 2 ** 20;
/** Marks whose object it is, in its metadata: an answer may be lost, and the SDK ask again. */
export const OWN_MARK = 'millrace-put';

export interface PutRequest {
  readonly bucket: Bucket;
  readonly key: string;
  readonly body: Uint8Array | Readable;
  readonly options: PutOptions;
}

/** Sends a body to its key. It appears whole or not at all: a PUT that S3 has checked, or a completed multipart upload. */
export async function putObject(request: PutRequest): Promise<StoredObject> {
  const { bucket, key, options } = request;
  const { type = mediaTypeOf(key), metadata, create, signal } = options;
  if (signal?.aborted) throw aborted(signal, key);
  const params = {
    Bucket: bucket.name,
    Key: key,
    ContentType: type,
    Metadata: { ...metadata, [OWN_MARK]: randomUUID() },
    ...(create === 'once' ? { IfNoneMatch: '*' } : {}),
  };
  try {
    const sent = await send(request, params);
    return { key, type, modifiedAt: new Date(), ...sent };
  } catch (error) {
    if (create === undefined || !isTaken(error)) throw error;
    throw alreadyExists(key);
  }

  function isTaken(error: unknown): boolean {
    return (
      statusOf(error) === 412 || (statusOf(error) === 409 && nameOf(error) === 'ConditionalRequestConflict')
    );
  }
}

type Params = Omit<PutObjectCommandInput, 'Body' | 'Bucket' | 'Key'> & { Bucket: string; Key: string };

async function send(
  request: PutRequest,
  params: Params,
): Promise<{ bytes: number; sha256: string; etag?: string }> {
  const { bucket, body, key, options } = request;
  const { maxBytes = Number.POSITIVE_INFINITY, signal } = options;
  if (!(body instanceof Readable)) {
    if (body.length > maxBytes) throw tooLarge(key, maxBytes);
    if (body.length <= ONE_REQUEST_BYTES) return await sendWhole({ bucket, params, body, signal });
  }
  const measured = measure({ key, maxBytes });
  const source = body instanceof Readable ? body : Readable.from(pieces(body));
  if (signal !== undefined) addAbortSignal(signal, source);
  // Hands on every end, a sender's that broke off long ago too; who reads the result is told of it.
  pipeline(source, measured.stream, () => undefined);
  const etag = await sendStream({ bucket, params, body: measured.stream, signal });
  return { ...measured.result(), ...etag };
}

async function sendWhole(request: {
  bucket: Bucket;
  params: Params;
  body: Uint8Array;
  signal: AbortSignal | undefined;
}) {
  const { bucket, params, body, signal } = request;
  const digest = createHash('sha256').update(body).digest();
  const command = new PutObjectCommand({
    ...params,
    Body: body,
    ContentLength: body.length,
    // S3 refuses bytes that are not these.
    ChecksumSHA256: digest.toString('base64'),
  });
  const answer = await bucket.client
    .send(command, signal === undefined ? {} : { abortSignal: signal })
    .catch((error: unknown) => ownObject({ bucket, params, error }));
  return {
    bytes: body.length,
    sha256: digest.toString('hex'),
    ...(answer.ETag === undefined ? {} : { etag: answer.ETag }),
  };
}

async function sendStream(request: {
  bucket: Bucket;
  params: Params;
  body: Readable;
  signal: AbortSignal | undefined;
}): Promise<{ etag?: string }> {
  const { bucket, params, body, signal } = request;
  const guarded = guardUpload({ client: bucket.client, signal, onFailure: () => body.destroy() });
  const upload = new Upload({
    // Only `send` and `config` of a client are used.
    client: guarded.client as S3Client,
    params: { ...params, Body: body },
    partSize: bucket.limits.partBytes,
    queueSize: bucket.limits.partsAtOnce,
    // The guard removes them: also when the answer to their beginning came too late.
    leavePartsOnError: true,
  });
  try {
    const done = upload.done().catch((error: unknown) => ownObject({ bucket, params, error }));
    const answer = await guarded.unlessCancelled(done);
    await guarded.completed();
    return answer.ETag === undefined ? {} : { etag: answer.ETag };
  } catch (error) {
    // The bytes' own error says more than what followed from it.
    const cause = body.errored ?? guarded.failure() ?? error;
    body.destroy();
    await guarded.abort();
    throw cause;
  }
}

/**
 * "It exists", and "there is no such upload", may speak of our own success, when the first answer was lost and the SDK
 * asked again.
 */
export async function ownObject(request: {
  bucket: Bucket;
  params: Pick<Params, 'Bucket' | 'Key' | 'Metadata'>;
  error: unknown;
}): Promise<{ ETag?: string }> {
  const { bucket, params, error } = request;
  const wasAsked = statusOf(error) === 412 || nameOf(error) === 'NoSuchUpload';
  if (!wasAsked) throw error;
  const found = await bucket.client
    .send(new HeadObjectCommand({ Bucket: params.Bucket, Key: params.Key }))
    .catch(() => undefined);
  if (found === undefined || found.Metadata?.[OWN_MARK] !== params.Metadata?.[OWN_MARK]) throw error;
  return found.ETag === undefined ? {} : { ETag: found.ETag };
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 2 ** 20) yield bytes.subarray(at, at + 2 ** 20);
}

/** Counts and hashes what streams through; refuses more than `maxBytes`. */
function measure({ key, maxBytes }: { key: string; maxBytes: number }) {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    readableHighWaterMark: 2 ** 20,
    writableHighWaterMark: 2 ** 20,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(tooLarge(key, maxBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}
