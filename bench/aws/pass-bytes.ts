import { createHash } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ObjectStore } from '#shared/storage';

/** A way to send an object of so many bytes and to read it again; the bytes are made and forgotten on the way. */
export interface Passing {
  up(bytes: number): Promise<void>;
  /** Answers how many came. */
  down(): Promise<number>;
}

const KEY = 'passed.bin';

export function throughStore(store: ObjectStore): Passing {
  return {
    async up(bytes) {
      await store.put(KEY, made(bytes));
    },
    down: async () => counted(await store.get(KEY)),
  };
}

/** The SDK alone, with its own defaults: parts of 5 MiB, four at a time; ours are fewer and larger. */
export function throughSdk(client: S3Client, Bucket: string): Passing {
  return {
    async up(bytes) {
      await new Upload({ client, params: { Bucket, Key: KEY, Body: made(bytes) } }).done();
    },
    async down() {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: KEY }));
      if (!(Body instanceof Readable)) throw new TypeError('The SDK answered without a stream.');
      return counted(Body);
    },
  };
}

/** Different in each MiB, quickly: its offset in front of the same noise. */
function made(total: number): Readable {
  return Readable.from(blocks(total), { objectMode: false, highWaterMark: 2 ** 20 });
}

function* blocks(total: number): Generator<Buffer> {
  const noise = createHash('sha512').update('millrace').digest();
  for (let at = 0; at < total; at += 2 ** 20) {
    const block = Buffer.alloc(Math.min(2 ** 20, total - at), noise);
    block.writeDoubleBE(at);
    yield block;
  }
}

async function counted(from: Readable): Promise<number> {
  let bytes = 0;
  const sink = new Writable({
    highWaterMark: 2 ** 20,
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(from, sink);
  return bytes;
}
