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
        const answered = await (answer === 'accept' ? acceptFollower : refuseFollower)(tx, { by, user });
        if (!answered) throw notFound('request');
        if (answer === 'refuse') return {};
        return { events: [{ type: 'user.follow-accepted', data: { user, by } }] };
      },
    };
  },
});
