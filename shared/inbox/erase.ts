import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { keysOf } from './keys.ts';
import type { InboxOwners } from './notice.ts';
import { discard } from './sending.ts';
import { readRecord, STAGING } from './upload-record.ts';

/** Whose a dropped file is: see {@link InboxOwners}; `owner` is the configured one. */
export interface DropOwners {
  readonly owners: InboxOwners;
  readonly owner: string;
}

/** Removes all files and uploads of an account from the inbox. Interrupted, it is called again. */
export async function eraseFromInbox(
  request: ({ root: string } | { store: ObjectStore }) & { account: string; drops: DropOwners },
): Promise<void> {
  const store = 'store' in request ? request.store : await createFilesystemStore({ root: request.root });
  await eraseFrom(store, request.account, request.drops);
}

export async function eraseFrom(
  store: ObjectStore,
  account: string,
  { owners, owner }: DropOwners,
): Promise<void> {
  for await (const key of keysOf(store, STAGING)) {
    if (!key.endsWith('/upload.json')) continue;
    const upload = await readRecord(store, key);
    if (upload?.account !== account) continue;
    await discard(store, upload.id, upload.sending);
  }
  if (owners === 'prefix') {
    for await (const key of keysOf(store, `scripts/${account}/`)) await store.remove(key);
  }
  if (account !== owner) return;
  // His is all that is nobody else's by its key.
  for await (const key of keysOf(store, '')) {
    const isOthers = key.startsWith(STAGING) || (owners === 'prefix' && /^scripts\/[^/]+\//.test(key));
    if (!isOthers) await store.remove(key);
  }
}
