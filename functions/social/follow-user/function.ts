import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { follow } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'follow-user',
  summary: 'Begins to follow somebody; a private account is asked first.',
  command: {
    type: 'user.follow',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.object({ state: z.enum(['accepted', 'requested']) }),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        const { state, changed } = await follow(tx, { by, user });
        if (!changed) return { reply: { state } };
        const type = state === 'accepted' ? 'user.followed' : 'user.follow-requested';
        return { events: [{ type, data: { user, by } }], reply: { state } };
      },
    };
  },
});
