import { accountLetters } from '#shared/accounts';
import { Permanent } from '#shared/errors';
import { createLetters } from '#shared/mail';
import { notificationLetters, notificationLinks } from '#shared/notifications';
import type { PortMaker } from './make-ports.ts';

export const letters: PortMaker<'letters'> = ({ links }, platform) => {
  if (platform === undefined) return { write: needsLedger };
  const { pool } = platform;
  const { publicUrl } = links;
  return createLetters({
    templates: {
      ...accountLetters({ pool, publicUrl }),
      ...notificationLetters({ pool, publicUrl, links: notificationLinks(links) }),
    },
  });
};

async function needsLedger(): Promise<never> {
  throw new Permanent(
    'ledger-needed',
    'Whom a mail is for stands in the database of a platform, which a function that runs alone does not have.',
  );
}
