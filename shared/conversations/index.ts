/** Conversations: of two and of groups, messages in one order for all, reactions, read marks, and the search in them. */
export { addMember, removeMember, renameConversation } from './change-conversation.ts';
export { deleteMessage, editMessage } from './change-message.ts';
export type { ConversationView, LastMessage, Member } from './conversation-view.ts';
export { type Conversations, createConversations, type FoundConversation } from './conversations.ts';
export { readEmoji } from './emoji.ts';
export {
  anyId,
  attachment,
  conversationTitle,
  MOST_ATTACHMENTS,
  MOST_MEMBERS,
  MOST_TEXT,
  MOST_TITLE,
  messageText,
} from './fields.ts';
export { markRead } from './mark-read.ts';
export type { KeptAttachment, MessageView, Named } from './message-view.ts';
export { openDirect, openGroup } from './open-conversation.ts';
export { react, withdrawReaction } from './reactions.ts';
export { sendMessage } from './send-message.ts';
