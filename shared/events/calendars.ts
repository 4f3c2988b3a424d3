import { z } from 'zod';
import { defineEvent } from './define-event.ts';

const user = z.uuid();
const calendar = z.uuid();
const example = {
  user: '0193b3f0-4d5e-8000-a000-000000000001',
  calendar: '0193b3f0-4d5e-8000-a000-000000000020',
};
const count = z.int().nonnegative();

/** Facts about calendars that come from outside. Ids alone: names and addresses stand in one place. */
export const calendarEvents = {
  'calendar.imported': defineEvent({
    summary: 'A calendar was read: so many of its events are new, changed or gone.',
    data: () => z.object({ user, calendar, added: count, changed: count, removed: count }),
    example: { ...example, added: 12, changed: 1, removed: 0 },
  }),
  'calendar.refresh-requested': defineEvent({
    summary: 'It is time to look at a feed.',
    data: () => z.object({ user, calendar }),
    example,
  }),
  'calendar.deleted': defineEvent({
    summary: 'Somebody removed a calendar with all that came with it.',
    data: () => z.object({ user, calendar }),
    example,
  }),
};
