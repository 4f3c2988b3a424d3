import { z } from 'zod';
import { unshareCalendar } from '#shared/calendars';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'unshare-calendar',
  summary: 'Ends the secret address of a calendar: who subscribed to it reads it no more.',
  command: {
    type: 'calendar.unshare',
    data: z.strictObject({ calendar: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { calendar }, principal: { account: owner } }) {
    return {
      write: async (tx) => {
        if (!(await unshareCalendar(tx, { owner, id: calendar }))) throw notFound('secret address');
        return {};
      },
    };
  },
});
