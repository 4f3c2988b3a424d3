import { defineFunction } from '#shared/function';
import { promote, withRoom } from '#shared/gatherings';

/** Events a tick; what is left waits for the next one. */
const MOST_EVENTS = 20;

/** Whoever leaves makes room at once; this is for places that nobody left: an account went, or a thousand became free. */
export default defineFunction({
  name: 'fill-places',
  summary: 'Moves those up who wait for a place in an event that has room.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        const promoted: { gathering: string; user: string }[] = [];
        for (const gathering of await withRoom(tx, MOST_EVENTS))
          for (const user of await promote(tx, gathering)) promoted.push({ gathering, user });
        return {
          events: promoted.map((data) => ({ type: 'gathering.promoted' as const, data })),
          reply: { promoted: promoted.length },
        };
      },
    };
  },
});
