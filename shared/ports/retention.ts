import { createPeopleErasure } from '#shared/erasure';
import { Permanent } from '#shared/errors';
import { eraseFromInbox } from '#shared/inbox';
import { createLedgerRetention } from '#shared/ledger';
import { createUpkeep, type Upkeep } from '#shared/retention';
import { openStore } from '#shared/storage';
import type { PortMaker } from './make-ports.ts';

export const retention: PortMaker<'retention'> = ({ retention: settings }, platform) => {
  if (platform === undefined) return alone;
  const { inbox, drops, ...rules } = settings;
  const { pool, store, clock } = platform;
  return createUpkeep({
    ...{ ...rules, store, clock },
    ledger: createLedgerRetention({ pool }),
    people: createPeopleErasure({ pool }),
    eraseInbox: async (account) => eraseFromInbox({ store: await openStore(inbox), account, drops }),
  });
};

async function needsLedger(): Promise<never> {
  throw new Permanent(
    'ledger-needed',
    'Retention works on the ledger of a platform, which a function that runs alone does not have; start Millrace instead.',
  );
}

const alone: Upkeep = { expire: needsLedger, erase: needsLedger, sweep: needsLedger };
