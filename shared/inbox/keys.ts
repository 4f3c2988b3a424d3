import type { ObjectStore } from '#shared/storage';

/** All keys under a prefix, page by page. */
export async function* keysOf(store: ObjectStore, prefix: string): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    for (const { key } of page.objects) yield key;
    if (page.next === undefined) return;
    after = page.next;
  }
}
