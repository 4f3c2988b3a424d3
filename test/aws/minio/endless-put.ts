/** A process of its own that sends without end, to be killed. Argument: the settings of the store as JSON. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createS3Store, type S3StoreOptions } from '#shared/storage';

const store = await createS3Store(JSON.parse(process.argv[2] ?? '{}') as S3StoreOptions);
await store.put('endless.bin', Readable.from(forEver(), { objectMode: false }));

function* forEver(): Generator<Buffer> {
  for (;;) yield randomBytes(2 ** 20);
}
