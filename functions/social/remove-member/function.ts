import { z } from 'zod';
import { anyId, removeMember } from '#shared/conversations';
import { defineFunction } from '#shared/function';

export default defineFunction({
  name: 'remove-member',
  summary: 'Takes somebody out of a group, or leaves it.',
  command: {
    type: 'conversation.remove-member',
    data: z.strictObject({ conversation: anyId, user: anyId }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { conversation, user }, principal: { account } }) {
    return {
      write: async (tx) => {
        if (!(await removeMember(tx, { account, conversation, user }))) return {};
        return { events: [{ type: 'conversation.left', data: { conversation, user, by: account } }] };
      },
    };
  },
});
