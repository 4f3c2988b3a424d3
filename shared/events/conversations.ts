import { z } from 'zod';
import { defineEvent, once } from './define-event.ts';

const id = once(() => z.guid());
const exampleConversation = '0193b3f0-4d5e-8000-a000-00000000000c';
const exampleMessage = '0193b3f0-4d5e-8000-a000-00000000000e';
const exampleUser = '0193b3f0-4d5e-8000-a000-000000000001';
const exampleBy = '0193b3f0-4d5e-8000-a000-000000000003';

/** Facts about conversations. They say who and where, never what: that stands in one place and can be erased there. */
export const conversationEvents = {
  'conversation.opened': defineEvent({
    summary: 'Somebody opened a conversation; `members` are those whom he brought into a group.',
    data: () => z.object({ conversation: id(), by: id(), members: z.array(id()) }),
    example: { conversation: exampleConversation, by: exampleBy, members: [exampleUser] },
  }),
  'conversation.joined': defineEvent({
    summary: 'Somebody was brought into a group.',
    data: () => z.object({ conversation: id(), user: id(), by: id() }),
    example: { conversation: exampleConversation, user: exampleUser, by: exampleBy },
  }),
  'conversation.left': defineEvent({
    summary: 'Somebody left a group, or was taken out of it by its owner.',
    data: () => z.object({ conversation: id(), user: id(), by: id() }),
    example: { conversation: exampleConversation, user: exampleUser, by: exampleBy },
  }),
  'message.sent': defineEvent({
    summary: 'Somebody sent a message; `mentions` are those of its hearers whom it names.',
    data: () => z.object({ message: id(), conversation: id(), by: id(), mentions: z.array(id()) }),
    example: {
      message: exampleMessage,
      conversation: exampleConversation,
      by: exampleBy,
      mentions: [exampleUser],
    },
  }),
  'message.deleted': defineEvent({
    summary: 'A message was deleted for all, by its author or by the owner of the group.',
    data: () => z.object({ message: id(), conversation: id(), by: id() }),
    example: { message: exampleMessage, conversation: exampleConversation, by: exampleBy },
  }),
};
