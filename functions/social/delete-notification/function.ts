import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { removeNotification } from '#shared/notifications';

export default defineFunction({
  name: 'delete-notification',
  summary: 'Removes a notification from its owner’s list.',
  command: {
    type: 'notification.delete',
    data: z.strictObject({ notification: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { notification: id }, principal: { account } }) {
    if (!isAccountId(account)) throw notFound('notification');
    return {
      write: async (tx) => {
        await removeNotification(tx, { account, id });
        return {};
      },
    };
  },
});
