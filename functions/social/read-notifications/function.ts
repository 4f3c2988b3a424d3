import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { markRead, markReadUpTo } from '#shared/notifications';

const data = z.union([
  z.strictObject({ notification: z.uuid() }),
  /** The place in the list of the newest that was seen. */
  z.strictObject({ upTo: z.strictObject({ at: z.iso.datetime(), id: z.uuid() }) }),
]);

export default defineFunction({
  name: 'read-notifications',
  summary: 'Marks a notification read, or all that stood in the list up to one.',
  command: { type: 'notification.read', data, reply: z.object({ marked: z.int() }) },
  needs: [],
  async handle({ data: given, principal: { account } }) {
    if (!isAccountId(account)) {
      if ('notification' in given) throw notFound('notification');
      return { reply: { marked: 0 } };
    }
    return {
      write: async (tx) => {
        if ('notification' in given) {
          await markRead(tx, { account, id: given.notification });
          return { reply: { marked: 1 } };
        }
        const { at, id } = given.upTo;
        return { reply: { marked: await markReadUpTo(tx, { account, upTo: { at: new Date(at), id } }) } };
      },
    };
  },
});
