import { defineFunction } from '#shared/function';
import { deleteUnused } from '#shared/pictures';

/** A tick; what is left waits for the next one. */
const MOST_REMOVED = 500;

export default defineFunction({
  name: 'tidy-pictures',
  summary: 'Removes pictures that nothing has shown for a day.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        const gone = await deleteUnused(tx, MOST_REMOVED);
        return {
          events: gone.map((data) => ({ type: 'picture.removed' as const, data })),
          reply: { removed: gone.length },
        };
      },
    };
  },
});
