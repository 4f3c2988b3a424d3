import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Transient } from '#shared/errors';
import type { ObjectStore } from './object-store.ts';

/** Where a check stores; what lies there is nobody's. */
export const CHECKS = '.check/';

/**
 * Stores a small object, reads, lists and removes it: what the platform does all day.
 *
 * @throws what the store throws, with place and remedy
 */
export async function checkStore(store: ObjectStore, { signal }: { signal: AbortSignal }): Promise<void> {
  const folder = `${CHECKS}${randomUUID()}`;
  const key = `${folder}/probe.txt`;
  await store.put(key, Buffer.from(folder), { signal });
  try {
    const found = await text(await store.get(key, { signal }));
    const { objects } = await store.list(`${folder}/`);
    if (found !== folder || objects.length !== 1) {
      throw new Transient(
        'storage-failed',
        'What was just stored is not found again; look at the object store.',
      );
    }
  } finally {
    await store.remove(key);
  }
}
