import { whole } from '../readers.ts';
import { variable } from './variable.ts';

/** What is removed, and when. */
export const upkeep = {
  KEEP_RUNS_DAYS: variable({
    read: whole({ min: 1, max: 36_500 }),
    rule: 'a whole number from 1 to 36500',
    about:
      'Days after which finished runs are removed with all that they made. Default: they are kept for ever.',
  }),
  LEFTOVER_DAYS: variable({
    read: whole({ min: 1, max: 365 }),
    otherwise: 7,
    rule: 'a whole number from 1 to 365',
    about: 'Days after which files that no step published are removed. Default 7.',
  }),
  SWEEP_PAGES: variable({
    read: whole({ min: 1, max: 600 }),
    otherwise: 6,
    rule: 'a whole number from 1 to 600',
    about: 'Pages a minute of each bucket that are looked through for what was missed. Default 6.',
  }),
};
