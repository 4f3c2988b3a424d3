import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { MillraceError } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';
import type { Notifications } from '#shared/notifications';
import type { PushKey } from '#shared/push';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import { subscriptionView } from './notification-view.ts';
import {
  madeSubscription,
  newSubscription,
  pushKey,
  subscriptionList,
  subscriptionParams,
} from './schemas.ts';

const path = '/notifications/push/subscriptions';
const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const keyReused = { 409: { description: 'The Idempotency-Key came before with another request.' } } as const;
const MOST_CLIENT = 200;

/** Browsers that are told when they are not open. */
export function pushRoutes({
  send,
  notifications,
  key,
}: {
  send: SendCommand;
  notifications: Notifications;
  key: PushKey;
}): Route[] {
  const read = defineRoute({
    method: 'get',
    path: '/notifications/push/key',
    operationId: 'readPushKey',
    tag: 'Notifications',
    summary: 'Read the key that browsers subscribe with',
    description: '`applicationServerKey` of `pushManager.subscribe()`; it stays the same.',
    access: 'token',
    rate: 'counted',
    responses: { 200: { description: 'The public key (RFC 8292).', schema: pushKey } },
    async handle({ c }) {
      return c.json({ key: await key.publicKey().catch(notThere) }, 200);
    },
  });

  const list = defineRoute({
    method: 'get',
    path,
    operationId: 'listPushSubscriptions',
    tag: 'Notifications',
    summary: 'List your browsers that are told',
    access: 'token',
    rate: 'counted',
    responses: { 200: { description: 'Newest first, at most 20.', schema: subscriptionList } },
    async handle({ c, principal }) {
      const subscriptions = await notifications.subscriptions(principal.account);
      return c.json(
        {
          subscriptions: subscriptions.map(subscriptionView),
        },
        200,
      );
    },
  });

  const add = defineRoute({
    method: 'post',
    path,
    operationId: 'addPushSubscription',
    tag: 'Notifications',
    summary: 'Have this browser told',
    description:
      'The body is what `PushSubscription.toJSON()` gives. Sent again it stays one subscription. What the browser gets is JSON: `id`, `kind`, `title`, `body`, `path`.',
    access: 'token',
    rate: 'counted',
    headers,
    body: newSubscription,
    responses: {
      201: { description: 'It is told from now on.', schema: madeSubscription },
      404: { description: 'The token is of nobody who registered.' },
      ...keyReused,
    },
    async handle({ c, principal, body, headers: { 'idempotency-key': idempotencyKey } }) {
      const { endpoint, keys } = body;
      const { subscription } = await send({
        ...{ c, type: 'push.subscribe', principal, idempotencyKey },
        data: { endpoint, ...keys, client: clientOf(c) },
        reply: z.object({ subscription: z.string() }),
      });
      return c.json({ id: subscription }, 201);
    },
  });

  const remove = defineRoute({
    method: 'delete',
    path: `${path}/{id}`,
    operationId: 'deletePushSubscription',
    tag: 'Notifications',
    summary: 'Have a browser told no more',
    access: 'token',
    rate: 'counted',
    params: subscriptionParams,
    headers,
    responses: {
      204: { description: 'It is told no more.' },
      404: { description: 'You have no such browser.' },
      ...keyReused,
    },
    async handle({ c, principal, params: { id }, headers: { 'idempotency-key': idempotencyKey } }) {
      if (!isAccountId(id)) throw notFound('subscription');
      await send({
        ...{ c, type: 'push.unsubscribe', principal, idempotencyKey },
        data: { subscription: id },
        reply: z.undefined(),
      });
      return c.body(null, 204);
    },
  });

  return [read, list, add, remove];
}

/** An installation whose keys were given without this one. */
function notThere(error: unknown): never {
  if (!(error instanceof MillraceError)) throw error;
  throw new HttpProblem({
    status: 503,
    code: 'push-unavailable',
    detail: 'This installation has no key for pushes; tell whoever runs it.',
    headers: { 'Retry-After': '3600' },
    cause: error,
  });
}

function clientOf(c: HttpContext): string {
  const said = (c.req.header('user-agent') ?? '').replace(/[^\x20-\x7e]/g, '').trim();
  return said === '' ? 'unknown' : said.slice(0, MOST_CLIENT);
}
