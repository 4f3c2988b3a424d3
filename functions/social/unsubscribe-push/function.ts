import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { removeSubscription } from '#shared/notifications';

export default defineFunction({
  name: 'unsubscribe-push',
  summary: 'Forgets a browser that was to be told of notifications.',
  command: {
    type: 'push.unsubscribe',
    data: z.strictObject({ subscription: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { subscription: id }, principal: { account } }) {
    if (!isAccountId(account)) throw notFound('subscription');
    return {
      write: async (tx) => {
        await removeSubscription(tx, { account, id });
        return {};
      },
    };
  },
});
