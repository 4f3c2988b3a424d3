import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import { createInbox, dropOwners, type Inbox } from '#shared/inbox';
import type { Ledger } from '#shared/ledger';
import { type ObjectStore, openStore, storeSettings } from '#shared/storage';
import type { Log } from '#shared/telemetry';
import type { Topology } from '#shared/topology';

/** The inbox where the configuration says that it is. */
export async function openInbox(options: {
  config: Config;
  topology: Topology;
  artifacts: ObjectStore;
  ledger: Pick<Ledger, 'publish'>;
  pool: Pool;
  log: Log;
}): Promise<Inbox> {
  const { config, ...parts } = options;
  const { inbox } = storeSettings(config);
  const drops = dropOwners(config);
  return await createInbox({
    ...(inbox.driver === 's3' ? { store: await openStore(inbox) } : { root: inbox.root }),
    ...parts,
    account: drops.owner,
    owners: drops.owners,
    sweepPagesPerMinute: config.sweepPagesPerMinute,
    clock: { now: () => new Date() },
  });
}
