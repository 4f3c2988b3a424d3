import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { acceptFollower, refuseFollower } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

/** Who is refused is not told. */
export default defineFunction({
  name: 'answer-follower',
  summary: 'Lets somebody who asked to follow a private account, or refuses him.',
  command: {
    type: 'user.answer-follower',
    data: z.strictObject({ user: z.uuid(), answer: z.enum(['accept', 'refuse']) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user, answer }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        if (answer === 'refuse') {
          if (!(await refuseFollower(tx, { by, user }))) throw notFound('request');
          return {};
        }
        const accepted = await acceptFollower(tx, { by, user });
        if (accepted === undefined) throw notFound('request');
        return accepted.changed ? { events: [{ type: 'user.follow-accepted', data: { user, by } }] } : {};
      },
    };
  },
});
