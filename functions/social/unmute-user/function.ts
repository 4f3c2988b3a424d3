import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { unmute } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'unmute-user',
  summary: 'Lets what somebody posts into one’s feed again.',
  command: {
    type: 'user.unmute',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        await unmute(tx, { by, user });
        return {};
      },
    };
  },
});
