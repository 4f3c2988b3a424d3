import { z } from 'zod';
import { anyId, attachment, MOST_ATTACHMENTS, messageText, sendMessage } from '#shared/conversations';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  /** Made by who sends it; left out: one that is the same for every request with one Idempotency-Key. */
  id: anyId.optional(),
  conversation: anyId,
  text: secret(messageText),
  replyTo: anyId.optional(),
  attachments: z.array(attachment).max(MOST_ATTACHMENTS).default([]),
});

/** The ledger learns that something was said, and to whom; what it was stands in one place. */
export default defineFunction({
  name: 'send-message',
  summary: 'Sends a message, once however often it is sent, in one order for all who take part.',
  command: { type: 'message.send', data, reply: z.object({ message: anyId, isRepeated: z.boolean() }) },
  needs: [],
  async handle({ data: asked, principal: { account }, delivery }) {
    const { id: message = delivery.id, conversation, text, replyTo, attachments } = asked;
    return {
      write: async (tx) => {
        const { mentions, isRepeated } = await sendMessage(tx, {
          ...{ id: message, conversation, author: account, text, replyTo, attachments },
        });
        const reply = { message, isRepeated };
        if (isRepeated) return { reply };
        return {
          events: [
            { type: 'message.sent', data: { message, conversation, by: account, mentions: [...mentions] } },
          ],
          reply,
        };
      },
    };
  },
});
