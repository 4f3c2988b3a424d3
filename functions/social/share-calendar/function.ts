import { z } from 'zod';
import { shareCalendar } from '#shared/calendars';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

/** The address itself is no part of the reply, which is kept: the front door reads it for the owner. */
export default defineFunction({
  name: 'share-calendar',
  summary: 'Gives a calendar a secret address that other programs subscribe to.',
  command: {
    type: 'calendar.share',
    data: z.strictObject({ calendar: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { calendar }, principal: { account: owner } }) {
    return {
      write: async (tx) => {
        if (!(await shareCalendar(tx, { owner, id: calendar }))) throw notFound('calendar');
        return {};
      },
    };
  },
});
