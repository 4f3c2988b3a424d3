import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { readCursor } from '#shared/following';
import { notFound } from '#shared/http';
import type { Notifications } from '#shared/notifications';
import type { SendCommand } from '../accounts/send-command.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { invalidRequest } from '../request/invalid-request.ts';
import { linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import { notificationView, placeOf } from './notification-view.ts';
import { marked, notificationPage, notificationParams, readUpTo } from './schemas.ts';

const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const missing = { 404: { description: 'You have no such notification.' } } as const;
const keyReused = { 409: { description: 'The Idempotency-Key came before with another request.' } } as const;

const query = pageQuery.extend({
  unread: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: '`true`: only those that are unread.', example: 'true' }),
});

/** What one was told of. */
export function notificationListRoutes({
  send,
  notifications,
}: {
  send: SendCommand;
  notifications: Notifications;
}): Route[] {
  const list = defineRoute({
    method: 'get',
    path: '/notifications',
    operationId: 'listNotifications',
    tag: 'Notifications',
    summary: 'List your notifications',
    description:
      'What changed last comes first. Further occasions of what is unread are added to it: 13 people who like a post are one notification.',
    access: 'token',
    rate: 'counted',
    query,
    responses: { 200: { description: 'A page.', schema: notificationPage, headers: linkHeader } },
    async handle({ c, principal: { account }, query: { limit, cursor: before, unread } }) {
      const [found, count] = await Promise.all([
        notifications.list(unread === 'true' ? 'unread' : 'listed', { account, before, limit: limit + 1 }),
        notifications.countUnread(account),
      ]);
      const { entries, links } = pageOf(c, { found, limit, keyOf: placeOf });
      return c.json({ notifications: entries.map(notificationView), unread: count, links }, 200);
    },
  });

  const readSome = defineRoute({
    method: 'put',
    path: '/notifications/read',
    operationId: 'readNotifications',
    tag: 'Notifications',
    summary: 'Mark all up to one as read',
    description: 'What was added to since it was listed stays unread.',
    access: 'token',
    rate: 'counted',
    headers,
    body: readUpTo,
    responses: { 200: { description: 'They are read.', schema: marked }, ...keyReused },
    async handle({ c, principal, body, headers: { 'idempotency-key': idempotencyKey } }) {
      const place = readCursor(body.cursor);
      if (place === undefined)
        throw invalidRequest([{ field: 'cursor', message: 'Take it from a notification of the list.' }]);
      const answer = await send({
        ...{ c, type: 'notification.read', principal, idempotencyKey },
        data: { upTo: { at: place.at.toISOString(), id: place.id } },
        reply: z.object({ marked: z.int() }),
      });
      const unread = await notifications.countUnread(principal.account);
      return c.json({ marked: answer.marked, unread }, 200);
    },
  });

  const readOne = defineRoute({
    method: 'put',
    path: '/notifications/{id}/read',
    operationId: 'readNotification',
    tag: 'Notifications',
    summary: 'Mark one as read',
    access: 'token',
    rate: 'counted',
    params: notificationParams,
    headers,
    responses: { 204: { description: 'It is read.' }, ...missing, ...keyReused },
    async handle({ c, principal, params: { id }, headers: { 'idempotency-key': idempotencyKey } }) {
      if (!isAccountId(id)) throw notFound('notification');
      await send({
        ...{ c, type: 'notification.read', principal, idempotencyKey },
        data: { notification: id },
        reply: z.object({ marked: z.int() }),
      });
      return c.body(null, 204);
    },
  });

  const remove = defineRoute({
    method: 'delete',
    path: '/notifications/{id}',
    operationId: 'deleteNotification',
    tag: 'Notifications',
    summary: 'Remove one from your list',
    access: 'token',
    rate: 'counted',
    params: notificationParams,
    headers,
    responses: { 204: { description: 'It is gone.' }, ...missing, ...keyReused },
    async handle({ c, principal, params: { id }, headers: { 'idempotency-key': idempotencyKey } }) {
      if (!isAccountId(id)) throw notFound('notification');
      await send({
        ...{ c, type: 'notification.delete', principal, idempotencyKey },
        data: { notification: id },
        reply: z.undefined(),
      });
      return c.body(null, 204);
    },
  });

  return [list, readSome, readOne, remove];
}
