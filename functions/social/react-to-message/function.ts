import { z } from 'zod';
import { anyId, react, readEmoji, withdrawReaction } from '#shared/conversations';
import { defineFunction } from '#shared/function';

const data = z.strictObject({
  message: anyId,
  emoji: z.string().refine((text) => readEmoji(text) === text, { error: 'This is not one emoji.' }),
  how: z.enum(['give', 'withdraw']),
});

export default defineFunction({
  name: 'react-to-message',
  summary: 'Gives an emoji to a message, or takes it back; said again it is the same.',
  command: { type: 'message.react', data, reply: z.undefined() },
  needs: [],
  async handle({ data: { message, emoji, how }, principal: { account } }) {
    const change = how === 'give' ? react : withdrawReaction;
    return {
      write: async (tx) => {
        await change(tx, { account, message, emoji });
        return {};
      },
    };
  },
});
