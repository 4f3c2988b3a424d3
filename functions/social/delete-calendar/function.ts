import { z } from 'zod';
import { deleteCalendar } from '#shared/calendars';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'delete-calendar',
  summary: 'Removes a calendar that came from outside, with all its events.',
  command: {
    type: 'calendar.delete',
    data: z.strictObject({ calendar: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { calendar }, principal: { account: user } }) {
    return {
      write: async (tx) => {
        if (!(await deleteCalendar(tx, { owner: user, id: calendar }))) throw notFound('calendar');
        return { events: [{ type: 'calendar.deleted', data: { user, calendar } }] };
      },
    };
  },
});
