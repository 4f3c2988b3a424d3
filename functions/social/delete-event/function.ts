import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { deleteGathering, holdOwn } from '#shared/gatherings';
import { dropPictures } from '#shared/pictures';

const data = z.strictObject({
  event: z.uuid(),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'delete-event',
  summary: 'Removes an event with all answers to it, and says who took part.',
  command: { type: 'event.delete', data, reply: z.undefined() },
  needs: [],
  async handle({ data: { event, versions }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account, versions });
        const users = await deleteGathering(tx, held);
        await dropPictures(tx, { kind: 'gathering', of: event });
        return {
          events: [{ type: 'gathering.deleted', data: { gathering: event, by: account, users: [...users] } }],
        };
      },
    };
  },
});
