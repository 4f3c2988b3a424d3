import { z } from 'zod';
import { endSession, readRefreshToken } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';

/** Whatever the token: its holder is signed out afterwards. */
export default defineFunction({
  name: 'logout-user',
  summary: 'Ends the session of a refresh token.',
  command: {
    type: 'session.close',
    data: z.strictObject({ refreshToken: secret(z.string().max(200)) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data }) {
    const shown = readRefreshToken(data.refreshToken);
    if (shown === undefined) return {};
    return {
      write: async (tx) => {
        const ended = await endSession(tx, shown);
        if (ended === undefined) return {};
        const { account: user, session } = ended;
        return { events: [{ type: 'session.ended', data: { user, session, why: 'logout' } }] };
      },
    };
  },
});
