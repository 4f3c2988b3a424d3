import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { holdGathering, leave } from '#shared/gatherings';

export default defineFunction({
  name: 'leave-event',
  summary: 'Takes an answer to an event back; who waits longest moves up.',
  command: { type: 'event.leave', data: z.strictObject({ event: z.uuid() }), reply: z.undefined() },
  needs: [],
  async handle({ data: { event }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdGathering(tx, { id: event, account });
        const { was, promoted } = await leave(tx, { held, account });
        return {
          events: [
            ...(was === undefined
              ? []
              : [{ type: 'gathering.left' as const, data: { gathering: event, user: account } }]),
            ...promoted.map((user) => ({
              type: 'gathering.promoted' as const,
              data: { gathering: event, user },
            })),
          ],
        };
      },
    };
  },
});
