import { z } from 'zod';
import { anyId, editMessage, messageText } from '#shared/conversations';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  message: anyId,
  text: secret(messageText),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'edit-message',
  summary: 'Changes what a message says, for all who may see it.',
  command: { type: 'message.edit', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { message, text, versions }, principal: { account } }) {
    return {
      write: async (tx) => ({ reply: await editMessage(tx, { account, message, text, versions }) }),
    };
  },
});
