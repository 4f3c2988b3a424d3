import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { holdGathering, participate, remindMinutes } from '#shared/gatherings';

const data = z.strictObject({
  event: z.uuid(),
  answer: z.enum(['going', 'maybe', 'declined']),
  /** Minutes before; null: no reminder. */
  remindMinutes: remindMinutes.nullable(),
});

const reply = z.object({ state: z.enum(['going', 'waiting', 'maybe', 'declined']) });

/** Everybody who asks takes his turn at the event's row: ten places are ten, however many ask at once. */
export default defineFunction({
  name: 'join-event',
  summary: 'Takes an answer to an event: who comes first has a place, who asks later waits for one.',
  command: { type: 'event.join', data, reply },
  needs: [],
  async handle({ data: { event, answer, remindMinutes }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdGathering(tx, { id: event, account });
        const { state, changed, promoted } = await participate(tx, { held, account, answer, remindMinutes });
        return {
          events: [
            ...(changed
              ? [{ type: 'gathering.answered' as const, data: { gathering: event, user: account, state } }]
              : []),
            ...promoted.map((user) => ({
              type: 'gathering.promoted' as const,
              data: { gathering: event, user },
            })),
          ],
          reply: { state },
        };
      },
    };
  },
});
