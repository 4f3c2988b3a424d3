import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Conflict, MillraceError } from '#shared/errors';
import { aborted, notFound, rangeNotSatisfiable } from '../failures.ts';
import type { ByteRange } from '../object-store.ts';
import type { Bucket } from './client.ts';
import { statusOf, storeFailure } from './failures.ts';

export interface ReadRequest {
  readonly bucket: Bucket;
  readonly key: string;
  readonly range: ByteRange | undefined;
  readonly etag: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Opens an object for reading. What is replaced meanwhile is read to its end, or the stream fails: never a mixture. */
export async function openObject(request: ReadRequest): Promise<Readable> {
  const { key, range, signal } = request;
  if (signal?.aborted) throw aborted(signal, key);
  if (range !== undefined && !isSane(range)) throw rangeNotSatisfiable({ key, range, bytes: undefined });
  const first = await ask({ ...request, start: range?.start, end: range?.end });
  return new ObjectStream(request, first);
}

function isSane({ start, end }: ByteRange): boolean {
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end > start;
}

interface Answer {
  readonly body: Readable;
  readonly etag: string | undefined;
  readonly bytes: number;
}

async function ask(
  request: ReadRequest & { start: number | undefined; end: number | undefined },
): Promise<Answer> {
  const { bucket, key, start, end, etag, signal } = request;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: key,
    ...(start === undefined ? { ChecksumMode: 'ENABLED' } : { Range: `bytes=${start}-${lastByte(end)}` }),
    ...(etag === undefined ? {} : { IfMatch: etag }),
  });
  let answer: GetObjectCommandOutput;
  try {
    answer = await bucket.client.send(command, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    if (statusOf(error) === 416) {
      throw rangeNotSatisfiable({ key, range: { start: start ?? 0, end: end ?? 0 }, bytes: undefined });
    }
    if (statusOf(error) === 412) throw changed(key);
    throw readFailure({ error, bucket, key, signal });
  }
  const { Body: body, ETag, ContentLength: bytes } = answer;
  if (!(body instanceof Readable)) throw new TypeError('S3 answered without a body.');
  return { body, etag: ETag, bytes: bytes ?? Number.NaN };
}

function lastByte(end: number | undefined): string {
  return end === undefined ? '' : String(end - 1);
}

function changed(key: string): Conflict {
  return new Conflict('object-changed', `"${key}" was replaced by another object; read it anew.`);
}

export function readFailure(request: {
  error: unknown;
  bucket: Bucket;
  key: string;
  signal?: AbortSignal | undefined;
}): unknown {
  const { error, key } = request;
  const isMissing = error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
  return isMissing ? notFound(key) : storeFailure(request);
}

/** The bytes of one object. A connection that breaks is opened again where it broke, if the object is still the same. */
class ObjectStream extends Readable {
  readonly #request: ReadRequest;
  readonly #etag: string | undefined;
  readonly #bytes: number;
  #source: Readable | undefined;
  #got = 0;
  /** Failures since the last byte. */
  #failures = 0;

  constructor(request: ReadRequest, first: Answer) {
    super({ highWaterMark: 262_144 });
    this.#request = request;
    this.#etag = first.etag;
    this.#bytes = first.bytes;
    this.#follow(first.body);
    const { signal, key } = request;
    if (signal === undefined) return;
    const stop = (): void => void this.destroy(aborted(signal, key));
    signal.addEventListener('abort', stop, { once: true });
    this.once('close', () => signal.removeEventListener('abort', stop));
  }

  override _read(): void {
    this.#source?.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#source?.destroy();
    done(error);
  }

  #follow(source: Readable): void {
    this.#source = source;
    source.pause();
    source.on('data', (chunk: Buffer) => {
      this.#got += chunk.length;
      this.#failures = 0;
      if (!this.push(chunk)) source.pause();
    });
    source.once('end', () => this.#ended(source, undefined));
    source.once('error', (error) => this.#ended(source, error));
    source.once('close', () => this.#ended(source, undefined));
  }

  #ended(source: Readable, error: Error | undefined): void {
    if (this.#source !== source || this.destroyed) {
      return;
    }
    this.#source = undefined;
    const isWhole = error === undefined && !(this.#got < this.#bytes);
    if (isWhole) this.push(null);
    else void this.#resume(error ?? new Error('aborted')).catch((failure: Error) => this.destroy(failure));
  }

  async #resume(error: Error): Promise<void> {
    const { bucket, key, range, signal } = this.#request;
    this.#failures += 1;
    // A wrong checksum is told after the last byte: reading on would not mend it.
    const isLost = this.#got >= this.#bytes || this.#etag === undefined;
    if (isLost || this.#failures >= bucket.limits.attempts) {
      const failure = storeFailure({ error, bucket, key, signal });
      throw failure instanceof MillraceError || failure instanceof Error ? failure : error;
    }
    const start = (range?.start ?? 0) + this.#got;
    const answer = await ask({ ...this.#request, etag: this.#etag, start, end: range?.end });
    if (this.destroyed) {
      answer.body.destroy();
      return;
    }
    this.#follow(answer.body);
    answer.body.resume();
  }
}
