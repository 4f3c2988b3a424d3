import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore } from '#shared/storage';
import { filesUnder } from '../../end-to-end/product.ts';

/** The artifacts bucket as it lies there, whichever kind it is. */
export interface StoredObjects {
  keys(): Promise<readonly string[]>;
  /** Empty where there is none. */
  read(key: string): Promise<Buffer>;
}

/** Objects of the filesystem store, past the store. */
export function objectsInFolder(folder: string): StoredObjects {
  return {
    keys: async () => (await filesUnder(folder)).filter((path) => !path.startsWith('.incoming/')),
    read: (key) => readFile(join(folder, key)).catch(() => Buffer.alloc(0)),
  };
}

/** Objects of a bucket. */
export function objectsInBucket(store: ObjectStore): StoredObjects {
  return {
    async keys() {
      const keys: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list('', after === undefined ? {} : { after });
        keys.push(...page.objects.map(({ key }) => key));
        if (page.next === undefined) return keys;
        after = page.next;
      }
    },
    read: async (key) =>
      await store.get(key).then(
        (body) => buffer(body),
        () => Buffer.alloc(0),
      ),
  };
}
