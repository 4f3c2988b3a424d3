import { z } from 'zod';
import { readRefreshToken, refreshSession } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { HttpProblem } from '#shared/http';

const data = z.strictObject({ refreshToken: secret(z.string().max(200)) });

const reply = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('good'),
    user: z.uuid(),
    session: z.uuid(),
    roles: z.array(z.string()),
    refreshToken: secret(z.string()),
  }),
  // Not a refusal, which would undo the revocation.
  z.object({ state: z.literal('reused') }),
]);

export default defineFunction({
  name: 'refresh-session',
  summary: 'Takes a refresh token and gives the next one; one that comes twice ends its session.',
  command: { type: 'session.refresh', data, reply },
  needs: [],
  async handle({ data: given }) {
    const shown = readRefreshToken(given.refreshToken);
    if (shown === undefined) throw over();
    return {
      write: async (tx) => {
        const refreshed = await refreshSession(tx, shown);
        switch (refreshed.state) {
          case 'unknown':
            throw over();
          case 'reused': {
            const { account: user, session } = refreshed;
            return {
              events: [{ type: 'session.ended', data: { user, session, why: 'reuse' } }],
              reply: { state: 'reused' as const },
            };
          }
          case 'good': {
            const { account: user, session, roles, refreshToken } = refreshed;
            return { reply: { state: 'good' as const, user, session, roles: [...roles], refreshToken } };
          }
        }
      },
    };
  },
});

function over(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'session-over',
    detail: 'This session is over, or the token is none of ours; sign in again.',
  });
}
