import { z } from 'zod';
import { revokeSession } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'revoke-session',
  summary: 'Ends another session of the same account: a device that was lost.',
  command: {
    type: 'session.revoke',
    data: z.strictObject({ session: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { session }, principal }) {
    return {
      write: async (tx) => {
        const user = principal.account;
        if (!(await revokeSession(tx, { account: user, session }))) throw notFound('session');
        return { events: [{ type: 'session.ended', data: { user, session, why: 'revoked' } }] };
      },
    };
  },
});
