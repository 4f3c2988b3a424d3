import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { unfollow } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'remove-follower',
  summary: 'Takes a follower away, who may come again.',
  command: {
    type: 'user.remove-follower',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        // Who has only asked is refused elsewhere.
        if ((await unfollow(tx, { by: user, user: by })) !== 'accepted') throw notFound('follower');
        return { events: [{ type: 'user.unfollowed', data: { user: by, by, follower: user } }] };
      },
    };
  },
});
