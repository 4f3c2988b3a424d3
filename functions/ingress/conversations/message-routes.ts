import { z } from '@hono/zod-openapi';
import type { Conversations, MessageView } from '#shared/conversations';
import { notFound } from '#shared/http';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import { changedMeanwhile, changeHeaders, etag, keyHeaders, noMessage } from './headers.ts';
import { idOf } from './id-of.ts';
import type { MessageBodies } from './message-body.ts';
import { messageListRoute } from './message-list-route.ts';
import { messageChange, messageParams, newMessage } from './requests.ts';
import { foundMessages, message } from './schemas.ts';

interface Options {
  readonly send: SendCommand;
  readonly conversations: Conversations;
  readonly bodies: MessageBodies;
}

/** What is said, and what is looked for in it. */
export function messageRoutes({ send, conversations, bodies }: Options): Route[] {
  const answer = async (
    c: HttpContext,
    { account, id, status = 200 }: { account: string; id: string; status?: 200 | 201 },
  ): Promise<Response> => {
    const found = await conversations.message(account, id.toLowerCase());
    if (found === undefined) throw notFound('message');
    const [body] = await bodies([found]);
    c.header('ETag', tagOf(found.version));
    return c.json(body, status);
  };

  const say = defineRoute({
    method: 'post',
    path: '/messages',
    operationId: 'sendMessage',
    tag: 'Conversations',
    summary: 'Send a message',
    description:
      'Make its id yourself: sent again, however often, it is the same message. All who take part see all messages in the same order.',
    access: 'token',
    rate: 'counted',
    headers: keyHeaders,
    body: newMessage,
    responses: {
      201: {
        description: 'The message.',
        schema: message,
        headers: { ...etag, 'Idempotency-Replayed': '`true` where it had been sent before.' },
      },
      403: { description: 'One of you two has blocked the other.' },
      404: { description: 'You take part in no such conversation.' },
      409: {
        description:
          'Another message has this id, the other person is gone, or the Idempotency-Key came before with another body.',
      },
      429: {
        description: 'Too many messages, or too many requests from this address.',
        headers: { 'Retry-After': 'Seconds to wait.' },
      },
    },
    async handle({ c, principal, body, headers: { 'idempotency-key': idempotencyKey } }) {
      const reply = z.object({ message: z.string(), isRepeated: z.boolean() });
      const sent = await send({ c, type: 'message.send', data: body, principal, reply, idempotencyKey });
      if (sent.isRepeated) c.header('Idempotency-Replayed', 'true');
      return answer(c, { account: principal.account, id: sent.message, status: 201 });
    },
  });

  const search = defineRoute({
    method: 'get',
    path: '/messages/search',
    operationId: 'searchMessages',
    tag: 'Conversations',
    summary: 'Search your conversations',
    description:
      'Messages with all of these words, newest first; the last one may have only begun. Neither capitals nor accents matter.',
    access: 'token',
    rate: 'counted',
    query: pageQuery.extend({
      q: z
        .string()
        .min(1)
        .max(200)
        .refine((text) => text.isWellFormed(), { error: 'Send well-formed text.' })
        .openapi({
          type: 'string',
          minLength: 1,
          maxLength: 200,
          description: 'Words.',
          example: 'white rabbit',
        }),
    }),
    responses: { 200: { description: 'A page.', schema: foundMessages, headers: linkHeader } },
    async handle({ c, principal: { account }, query: { q: text, limit, cursor: before } }) {
      const found = await conversations.search(account, { text, before, limit: limit + 1 });
      const keyOf = ({ id, sentAt: at }: MessageView) => ({ id, at });
      const { entries, links } = pageOf(c, { found, limit, keyOf });
      return c.json({ messages: await bodies(entries), links }, 200);
    },
  });

  const read = defineRoute({
    method: 'get',
    path: '/messages/{id}',
    operationId: 'readMessage',
    tag: 'Conversations',
    summary: 'Read one message',
    access: 'token',
    rate: 'counted',
    params: messageParams,
    responses: { 200: { description: 'The message.', schema: message, headers: etag }, 404: noMessage },
    handle: ({ c, principal: { account }, params: { id } }) => answer(c, { account, id }),
  });

  const edit = defineRoute({
    method: 'put',
    path: '/messages/{id}',
    operationId: 'editMessage',
    tag: 'Conversations',
    summary: 'Change a message of yours',
    description: 'Within a day; all who may see it see that it was changed.',
    access: 'token',
    rate: 'counted',
    params: messageParams,
    headers: changeHeaders,
    body: messageChange,
    responses: {
      200: { description: 'The message as it is now.', schema: message, headers: etag },
      403: { description: 'It is not of yours, or one of you two has blocked the other.' },
      404: noMessage,
      409: {
        description:
          'It is deleted or older than a day, or the Idempotency-Key came before with another body.',
      },
      412: changedMeanwhile,
    },
    async handle({ c, principal, params: { id }, headers, body: { text } }) {
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'message.edit', principal, reply: z.object({ version: z.int() }) },
        data: { message: idOf(id, 'message'), text, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return answer(c, { account: principal.account, id });
    },
  });

  const remove = defineRoute({
    method: 'delete',
    path: '/messages/{id}',
    operationId: 'deleteMessage',
    tag: 'Conversations',
    summary: 'Delete a message for all',
    description: 'Your own, or any in a group that you own. Its place in the order stays.',
    access: 'token',
    rate: 'counted',
    params: messageParams,
    headers: keyHeaders,
    responses: {
      204: { description: 'It is deleted.' },
      403: { description: 'It is not of yours.' },
      404: noMessage,
      409: { description: 'The Idempotency-Key came before with another request.' },
    },
    async handle({ c, principal, params: { id }, headers: { 'idempotency-key': idempotencyKey } }) {
      const data = { message: idOf(id, 'message') };
      await send({ c, type: 'message.delete', data, principal, reply: z.undefined(), idempotencyKey });
      return c.body(null, 204);
    },
  });

  return [messageListRoute({ conversations, bodies }), say, search, read, edit, remove];
}
