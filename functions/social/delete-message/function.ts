import { z } from 'zod';
import { anyId, deleteMessage } from '#shared/conversations';
import { defineFunction } from '#shared/function';

export default defineFunction({
  name: 'delete-message',
  summary: 'Deletes a message for all; its place in the order stays.',
  command: { type: 'message.delete', data: z.strictObject({ message: anyId }), reply: z.undefined() },
  needs: [],
  async handle({ data: { message }, principal: { account } }) {
    return {
      write: async (tx) => {
        const deleted = await deleteMessage(tx, { account, message });
        if (deleted === undefined) return {};
        const { conversation } = deleted;
        return { events: [{ type: 'message.deleted', data: { message, conversation, by: account } }] };
      },
    };
  },
});
