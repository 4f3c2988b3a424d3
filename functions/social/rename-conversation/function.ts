import { z } from 'zod';
import { anyId, conversationTitle, renameConversation } from '#shared/conversations';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  conversation: anyId,
  title: secret(conversationTitle),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'rename-conversation',
  summary: 'Calls a group something else.',
  command: { type: 'conversation.rename', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { conversation, title, versions }, principal: { account } }) {
    return {
      write: async (tx) => ({
        reply: await renameConversation(tx, { account, conversation, title, versions }),
      }),
    };
  },
});
