import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { holdOwn, invite } from '#shared/gatherings';

export default defineFunction({
  name: 'invite-guest',
  summary: 'Invites somebody to an event, who then sees it whomever it is for.',
  command: {
    type: 'guest.invite',
    data: z.strictObject({ event: z.uuid(), guest: z.string().max(100) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { event, guest }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account });
        const isNew = await invite(tx, { held, guest });
        return {
          events: isNew
            ? [{ type: 'gathering.invited', data: { gathering: event, user: guest, by: account } }]
            : [],
        };
      },
    };
  },
});
