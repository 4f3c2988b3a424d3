import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { unfollow } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'unfollow-user',
  summary: 'Ends following somebody, or takes the request back.',
  command: {
    type: 'user.unfollow',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        if ((await unfollow(tx, { by, user })) !== 'accepted') return {};
        return { events: [{ type: 'user.unfollowed', data: { user, by, follower: by } }] };
      },
    };
  },
});
