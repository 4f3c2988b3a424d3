import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { mute } from '#shared/following';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';

/** Nobody else learns of it: no event says so. */
export default defineFunction({
  name: 'mute-user',
  summary: 'Keeps what somebody posts out of one’s feed.',
  command: {
    type: 'user.mute',
    data: z.strictObject({ user: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { user }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        await mute(tx, { by, user });
        return {};
      },
    };
  },
});
