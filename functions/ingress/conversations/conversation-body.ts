import type { z } from '@hono/zod-openapi';
import type { ConversationView, FoundConversation } from '#shared/conversations';
import type { conversation, wholeConversation } from './schemas.ts';

/** A conversation as it stands in a list. */
export function conversationBody(view: ConversationView): z.infer<typeof conversation> {
  const { id, kind, title, members, createdAt, activeAt, last, read, unread, lastMessage } = view;
  return {
    ...{ id, kind },
    ...(title === null ? {} : { title }),
    ...(kind === 'direct' ? { with: view.with } : {}),
    ...{ members, createdAt: createdAt.toISOString(), activeAt: activeAt.toISOString(), last, read, unread },
    ...(lastMessage === null ? {} : { lastMessage: lastMessageBody(lastMessage) }),
  };
}

function lastMessageBody(last: NonNullable<ConversationView['lastMessage']>) {
  const { id, seq, author, text, sentAt, isDeleted: deleted } = last;
  return { id, seq, author, text: text.toWellFormed(), sentAt: new Date(sentAt).toISOString(), deleted };
}

export function wholeConversationBody(found: FoundConversation): z.infer<typeof wholeConversation> {
  return {
    ...conversationBody(found),
    people: found.people.map(({ isOwner: owner, ...person }) => ({ ...person, owner })),
  };
}
