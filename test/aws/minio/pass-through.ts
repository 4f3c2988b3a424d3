/**
 * A process of its own that sends and reads a large object, and says how much memory it took.
 * Arguments: the settings of the store as JSON, the bytes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createS3Store, type S3StoreOptions } from '#shared/storage';

const [settings = '{}', size = '0'] = process.argv.slice(2);
const bytes = Number(size);
const store = await createS3Store(JSON.parse(settings) as S3StoreOptions);

const start = performance.now();
const stored = await store.put('large.bin', Readable.from(made(bytes), { objectMode: false }));
const putMs = performance.now() - start;
const hash = createHash('sha256');
const again = performance.now();
for await (const chunk of await store.get('large.bin')) hash.update(chunk as Buffer);
const getMs = performance.now() - again;
process.stdout.write(
  JSON.stringify({ stored, read: hash.digest('hex'), peakBytes: peakBytes(), putMs, getMs }),
);
store.close();

/** Different bytes in every block, quickly: a counter in front of the same noise. */
function* made(total: number): Generator<Buffer> {
  const noise = createHash('sha512').update('millrace').digest();
  const size = 2 ** 20;
  for (let at = 0; at < total; at += size) {
    const block = Buffer.alloc(Math.min(size, total - at), noise);
    block.writeDoubleBE(at);
    yield block;
  }
}

/** The most memory that this process ever had (proc(5): VmHWM). */
function peakBytes(): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1] ?? Number.NaN) * 1_024;
}
