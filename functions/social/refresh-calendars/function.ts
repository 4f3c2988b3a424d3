import { takeDueFeeds } from '#shared/calendars';
import { defineFunction } from '#shared/function';

/** A tick; what is left waits for the next one. */
const MOST_DUE = 500;

export default defineFunction({
  name: 'refresh-calendars',
  summary: 'Asks for the feeds whose time has come to be looked at, each by itself.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        const due = await takeDueFeeds(tx, MOST_DUE);
        return {
          events: due.map(({ id, owner }) => ({
            type: 'calendar.refresh-requested' as const,
            data: { user: owner, calendar: id },
          })),
          reply: { due: due.length },
        };
      },
    };
  },
});
