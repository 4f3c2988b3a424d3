import { z } from 'zod';
import { addMember, anyId } from '#shared/conversations';
import { defineFunction } from '#shared/function';

export default defineFunction({
  name: 'add-member',
  summary: 'Brings somebody into a group; he sees what is said from then on.',
  command: {
    type: 'conversation.add-member',
    data: z.strictObject({ conversation: anyId, user: anyId }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { conversation, user }, principal: { account } }) {
    return {
      write: async (tx) => {
        if (!(await addMember(tx, { account, conversation, user }))) return {};
        return { events: [{ type: 'conversation.joined', data: { conversation, user, by: account } }] };
      },
    };
  },
});
