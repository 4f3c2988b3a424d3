import { z } from 'zod';
import { defineEvent } from './define-event.ts';

/** What the scheduler publishes, to the one function whose schedule it is. */
export const scheduleEvents = {
  'schedule.ticked': defineEvent({
    summary: 'The time of a function has come.',
    data: () =>
      z.object({
        function: z.string(),
        /** The time that the schedule named; after an outage the first one missed. */
        tick: z.iso.datetime(),
      }),
    example: { function: 'expire-runs', tick: '2026-01-02T03:00:00.000Z' },
  }),
};
