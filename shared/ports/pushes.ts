import { Permanent } from '#shared/errors';
import { createPushes, notificationLinks } from '#shared/notifications';
import type { PortMaker } from './make-ports.ts';

export const pushes: PortMaker<'pushes'> = ({ links }, platform) =>
  platform === undefined
    ? { due: needsLedger }
    : createPushes({ pool: platform.pool, links: notificationLinks(links) });

async function needsLedger(): Promise<never> {
  throw new Permanent(
    'ledger-needed',
    'What browsers are told stands in the database of a platform, which a function that runs alone does not have.',
  );
}
