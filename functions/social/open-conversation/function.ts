import { z } from 'zod';
import { anyId, conversationTitle, MOST_MEMBERS, openDirect, openGroup } from '#shared/conversations';
import { defineFunction, secret } from '#shared/function';

const data = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('direct'), with: anyId }),
  z.strictObject({
    kind: z.literal('group'),
    title: secret(conversationTitle),
    /** Beside who opens it. */
    members: z
      .array(anyId)
      .min(1)
      .max(MOST_MEMBERS - 1),
  }),
]);

export default defineFunction({
  name: 'open-conversation',
  summary: 'Opens a group, or the one conversation that two have.',
  command: { type: 'conversation.open', data, reply: z.object({ conversation: anyId, isNew: z.boolean() }) },
  needs: [],
  async handle({ data: asked, principal: { account }, delivery: { id } }) {
    return {
      write: async (tx) => {
        const { conversation, isNew, members } =
          asked.kind === 'direct'
            ? await openDirect(tx, { id, account, other: asked.with })
            : await openGroup(tx, { id, account, title: asked.title, members: asked.members });
        const reply = { conversation, isNew };
        if (!isNew) return { reply };
        return {
          events: [
            { type: 'conversation.opened', data: { conversation, by: account, members: [...members] } },
          ],
          reply,
        };
      },
    };
  },
});
