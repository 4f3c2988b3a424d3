import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { reach } from '#shared/faults';
import { aborted, tooLarge } from '../failures.ts';
import type { PutOptions } from '../object-store.ts';

/** Writes a body to a new file and makes it durable; answers its size and SHA-256. */
export async function receive(
  file: FileHandle,
  key: string,
  body: Uint8Array | Readable,
  { maxBytes = Number.POSITIVE_INFINITY, signal }: PutOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunksOf(body, signal)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(key, maxBytes);
    hash.update(chunk);
    await writeAll(file, chunk);
  }
  await reach('store.written');
  await file.sync();
  await reach('store.synced');
  if (signal?.aborted) throw aborted(signal, key);
  return { bytes, sha256: hash.digest('hex') };
}

async function* chunksOf(body: Uint8Array | Readable, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) {
    // In pieces, so that hashing a large body does not hold up everything else.
    for (let at = 0; at < body.length; at += 1_048_576) {
      signal?.throwIfAborted();
      yield body.subarray(at, at + 1_048_576);
    }
    return;
  }
  // Destroys the body on abort, which ends the loop even while the sender is silent.
  if (signal !== undefined) addAbortSignal(signal, body);
  for await (const chunk of body) {
    yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
  }
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, at, chunk.length - at);
    at += bytesWritten;
  }
}
