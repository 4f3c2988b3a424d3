import { z } from 'zod';
import { anyId, markRead } from '#shared/conversations';
import { defineFunction } from '#shared/function';
import { markReadAbout } from '#shared/notifications';

export default defineFunction({
  name: 'mark-read',
  summary: 'Says how far somebody has read in a conversation; only forward.',
  command: {
    type: 'conversation.mark-read',
    data: z.strictObject({ conversation: anyId, seq: z.int().min(0).max(2_147_483_647) }),
    reply: z.object({ read: z.int(), unread: z.int() }),
  },
  needs: [],
  async handle({ data: { conversation, seq }, principal: { account } }) {
    return {
      write: async (tx) => {
        // Before anybody hears of it: that is the last thing of a transaction.
        await markReadAbout(tx, { account, kind: 'message', subject: conversation });
        return { reply: await markRead(tx, { account, conversation, seq }) };
      },
    };
  },
});
