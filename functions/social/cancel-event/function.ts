import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { cancelGathering, holdOwn } from '#shared/gatherings';

const data = z.strictObject({
  event: z.uuid(),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'cancel-event',
  summary: 'Cancels an event: it stays to be read, and nobody is reminded of it or can join it.',
  command: { type: 'event.cancel', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { event, versions }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account, versions });
        const { version, changed } = await cancelGathering(tx, held);
        return {
          events: changed ? [{ type: 'gathering.cancelled', data: { gathering: event, by: account } }] : [],
          reply: { version },
        };
      },
    };
  },
});
