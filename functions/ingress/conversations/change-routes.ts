import { z } from '@hono/zod-openapi';
import type { Conversations } from '#shared/conversations';
import { notFound } from '#shared/http';
import type { SendCommand } from '../accounts/send-command.ts';
import { defineRoute, type Route } from '../route.ts';
import { keyHeaders, noConversation } from './headers.ts';
import { idOf } from './id-of.ts';
import { conversationParams, memberParams, readMark } from './requests.ts';
import { standingMark } from './schemas.ts';

/** Who takes part, how far one has read, and that one types. */
export function changeRoutes({
  send,
  conversations,
}: {
  send: SendCommand;
  conversations: Conversations;
}): Route[] {
  const member = (
    method: 'put' | 'delete',
    type: string,
    about: { operationId: string; summary: string; description: string; done: string },
  ) => {
    const { done, ...described } = about;
    return defineRoute({
      method,
      path: '/messages/conversations/{id}/members/{user}',
      ...described,
      tag: 'Conversations',
      access: 'token',
      rate: 'counted',
      params: memberParams,
      headers: keyHeaders,
      responses: {
        204: { description: done },
        403: { description: 'You do not own the group.' },
        404: { description: 'You take part in no such conversation, or there is nobody of this id.' },
        409: {
          description:
            'It is a conversation of two, the group is full, or the Idempotency-Key came before with another request.',
        },
      },
      async handle({ c, principal, params, headers: { 'idempotency-key': idempotencyKey } }) {
        const conversation = idOf(params.id, 'conversation');
        const user = idOf(params.user, 'user');
        const data = { conversation, user };
        await send({ c, type, data, principal, reply: z.undefined(), idempotencyKey });
        return c.body(null, 204);
      },
    });
  };

  const read = defineRoute({
    method: 'put',
    path: '/messages/conversations/{id}/read',
    operationId: 'markRead',
    tag: 'Conversations',
    summary: 'Say how far you have read',
    description:
      'Only forward, whichever of your devices is late, and no further than there are messages. The others hear of it, but in groups of more than 32.',
    access: 'token',
    rate: 'counted',
    params: conversationParams,
    headers: keyHeaders,
    body: readMark,
    responses: {
      200: { description: 'How far you have read now.', schema: standingMark },
      404: noConversation,
      409: { description: 'The Idempotency-Key came before with another body.' },
    },
    async handle({ c, principal, params: { id }, body: { seq }, headers }) {
      const conversation = idOf(id, 'conversation');
      const standing = await send({
        ...{ c, type: 'conversation.mark-read', data: { conversation, seq }, principal, reply: standingMark },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.json(standing, 200);
    },
  });

  const typing = defineRoute({
    method: 'post',
    path: '/messages/conversations/{id}/typing',
    operationId: 'sayTyping',
    tag: 'Conversations',
    summary: 'Say that you are typing',
    description:
      'Those who are connected hear it, at most once a second; nothing is kept. Say it again every few seconds for as long as it is so.',
    access: 'token',
    rate: 'counted',
    params: conversationParams,
    responses: { 204: { description: 'They hear it.' }, 404: noConversation },
    async handle({ c, principal: { account }, params: { id } }) {
      if (!(await conversations.typing(account, id.toLowerCase()))) throw notFound('conversation');
      return c.body(null, 204);
    },
  });

  return [
    member('put', 'conversation.add-member', {
      operationId: 'addMember',
      summary: 'Bring somebody into a group',
      description: 'He sees what is said from then on.',
      done: 'He takes part.',
    }),
    member('delete', 'conversation.remove-member', {
      operationId: 'removeMember',
      summary: 'Take somebody out of a group, or leave it',
      description:
        'He sees nothing of it any more. Where its owner leaves, who was in it for longest after him owns it; the last one takes it with him.',
      done: 'He does not take part.',
    }),
    read,
    typing,
  ];
}
