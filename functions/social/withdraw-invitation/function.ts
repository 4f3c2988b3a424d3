import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { holdOwn, withdrawInvitation } from '#shared/gatherings';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'withdraw-invitation',
  summary: 'Takes an invitation back; who takes part already goes on doing so.',
  command: {
    type: 'guest.withdraw',
    data: z.strictObject({ event: z.uuid(), guest: z.string().max(100) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { event, guest }, principal: { account } }) {
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account });
        if (!(await withdrawInvitation(tx, { held, guest }))) throw notFound('invitation');
        return {};
      },
    };
  },
});
