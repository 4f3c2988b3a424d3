import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { block } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'block-user',
  summary: 'Keeps somebody away: neither follows nor finds the other.',
  command: {
    type: 'user.block',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        if (!(await block(tx, { by, user }))) return {};
        return { events: [{ type: 'user.blocked', data: { user, by } }] };
      },
    };
  },
});
