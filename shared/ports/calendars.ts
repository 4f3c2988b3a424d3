import { createCalendars } from '#shared/calendars';
import { Permanent } from '#shared/errors';
import type { PortMaker } from './make-ports.ts';

export const calendars: PortMaker<'calendars'> = (_settings, platform) => {
  if (platform === undefined)
    throw new Permanent(
      'ledger-needed',
      'Calendars stand in the database of a platform, which a function that runs alone does not have; start Millrace instead.',
    );
  return createCalendars({ pool: platform.pool });
};
