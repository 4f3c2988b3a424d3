import { text } from 'node:stream/consumers';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { keysOf } from './keys.ts';
import { discard } from './sending.ts';
import { record, staging } from './upload-record.ts';

/** Removes all files and uploads of an account from the inbox. Interrupted, it is called again. */
export async function eraseFromInbox(
  request: ({ root: string } | { store: ObjectStore }) & { account: string },
): Promise<void> {
  const store = 'store' in request ? request.store : await createFilesystemStore({ root: request.root });
  await eraseFrom(store, request.account);
}

export async function eraseFrom(store: ObjectStore, account: string): Promise<void> {
  for await (const key of keysOf(store, staging)) {
    if (!key.endsWith('/upload.json')) continue;
    const upload = record.safeParse(
      await text(await store.get(key))
        .then(JSON.parse)
        .catch(() => undefined),
    );
    if (upload.data?.account !== account) continue;
    await discard(store, upload.data.id, upload.data.sending);
  }
  for await (const key of keysOf(store, `scripts/${account}/`)) await store.remove(key);
}
