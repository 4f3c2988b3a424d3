import { z } from '@hono/zod-openapi';
import type { Conversations, ConversationView } from '#shared/conversations';
import { notFound } from '#shared/http';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import { conversationBody, wholeConversationBody } from './conversation-body.ts';
import { changedMeanwhile, changeHeaders, etag, keyHeaders, noConversation } from './headers.ts';
import { idOf } from './id-of.ts';
import { conversationParams, openingConversation, renaming } from './requests.ts';
import { conversationPage, wholeConversation } from './schemas.ts';

/** Answers a conversation as it is now. */
function createAnswerConversation(conversations: Conversations) {
  return async (
    c: HttpContext,
    { account, id, status = 200 }: { account: string; id: string; status?: 200 | 201 },
  ): Promise<Response> => {
    const found = await conversations.find(account, id.toLowerCase());
    if (found === undefined) throw notFound('conversation');
    c.header('ETag', tagOf(found.version));
    return c.json(wholeConversationBody(found), status);
  };
}

/** Whom one talks with, and what a group is called. */
export function openRoutes({
  send,
  conversations,
}: {
  send: SendCommand;
  conversations: Conversations;
}): Route[] {
  const answer = createAnswerConversation(conversations);

  const list = defineRoute({
    method: 'get',
    path: '/messages/conversations',
    operationId: 'listConversations',
    tag: 'Conversations',
    summary: 'List your conversations',
    description: 'The one with the newest message first.',
    access: 'token',
    rate: 'counted',
    query: pageQuery,
    responses: { 200: { description: 'A page.', schema: conversationPage, headers: linkHeader } },
    async handle({ c, principal: { account }, query: { limit, cursor: before } }) {
      const [found, unread] = await Promise.all([
        conversations.list(account, { before, limit: limit + 1 }),
        conversations.unread(account),
      ]);
      const keyOf = ({ id, activeAt: at }: ConversationView) => ({ id, at });
      const { entries, links } = pageOf(c, { found, limit, keyOf });
      return c.json({ conversations: entries.map(conversationBody), unread, links }, 200);
    },
  });

  const open = defineRoute({
    method: 'post',
    path: '/messages/conversations',
    operationId: 'openConversation',
    tag: 'Conversations',
    summary: 'Open a conversation',
    description:
      'Two have one conversation, whoever opens it. Who is written to sees it with the first message. A group is owned by who is in it for longest.',
    access: 'token',
    rate: 'counted',
    headers: keyHeaders,
    body: openingConversation,
    responses: {
      200: { description: 'The conversation that you two have.', schema: wholeConversation, headers: etag },
      201: { description: 'A new conversation.', schema: wholeConversation, headers: etag },
      404: { description: 'Somebody whom you named is not there, or cannot be written to.' },
      409: {
        description:
          'You have blocked this person, it is yourself, or the Idempotency-Key came before with another body.',
      },
    },
    async handle({ c, principal, body, headers: { 'idempotency-key': idempotencyKey } }) {
      const reply = z.object({ conversation: z.string(), isNew: z.boolean() });
      const opened = await send({
        ...{ c, type: 'conversation.open', data: body, principal, reply, idempotencyKey },
      });
      const { conversation: id, isNew } = opened;
      return answer(c, { account: principal.account, id, status: isNew ? 201 : 200 });
    },
  });

  const read = defineRoute({
    method: 'get',
    path: '/messages/conversations/{id}',
    operationId: 'readConversation',
    tag: 'Conversations',
    summary: 'Read who takes part, and how far each has read',
    access: 'token',
    rate: 'counted',
    params: conversationParams,
    responses: {
      200: { description: 'The conversation.', schema: wholeConversation, headers: etag },
      404: noConversation,
    },
    handle: ({ c, principal: { account }, params: { id } }) => answer(c, { account, id }),
  });

  const rename = defineRoute({
    method: 'put',
    path: '/messages/conversations/{id}',
    operationId: 'renameConversation',
    tag: 'Conversations',
    summary: 'Call a group something else',
    access: 'token',
    rate: 'counted',
    params: conversationParams,
    headers: changeHeaders,
    body: renaming,
    responses: {
      200: { description: 'The conversation as it is now.', schema: wholeConversation, headers: etag },
      403: { description: 'You do not own the group.' },
      404: noConversation,
      409: {
        description: 'It is a conversation of two, or the Idempotency-Key came before with another body.',
      },
      412: changedMeanwhile,
    },
    async handle({ c, principal, params: { id }, headers, body: { title } }) {
      const conversation = idOf(id, 'conversation');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'conversation.rename', principal, reply: z.object({ version: z.int() }) },
        data: { conversation, title, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return answer(c, { account: principal.account, id });
    },
  });

  return [list, open, read, rename];
}
