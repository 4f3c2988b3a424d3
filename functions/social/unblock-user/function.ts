import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { unblock } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'unblock-user',
  summary: 'Keeps somebody away no more.',
  command: {
    type: 'user.unblock',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        if (!(await unblock(tx, { by, user }))) return {};
        return { events: [{ type: 'user.unblocked', data: { user, by } }] };
      },
    };
  },
});
