import { z } from '@hono/zod-openapi';
import { noneMatches, notFound } from '#shared/http';
import type { Notifications } from '#shared/notifications';
import type { SendCommand } from '../accounts/send-command.ts';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { ifMatch, tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import { preferences } from './schemas.ts';

const noAccount = { 404: { description: 'The token is of nobody who registered.' } } as const;
const etag = { ETag: 'Of this version, for `If-Match`.' };
const path = '/notifications/preferences';

/** Where one wants to be told of what. */
export function preferenceRoutes({
  send,
  notifications,
}: {
  send: SendCommand;
  notifications: Notifications;
}): Route[] {
  const answer = async (c: HttpContext, account: string, known?: string): Promise<Response> => {
    const own = await notifications.preferences(account);
    if (own === undefined) throw notFound('account');
    const tag = tagOf(own.version);
    c.header('ETag', tag);
    return noneMatches(known, tag) ? c.body(null, 304) : c.json({ preferences: own.preferences }, 200);
  };

  const read = defineRoute({
    method: 'get',
    path,
    operationId: 'readNotificationPreferences',
    tag: 'Notifications',
    summary: 'Read where you are told of what',
    access: 'token',
    rate: 'counted',
    headers: z.object({
      'if-none-match': z
        .string()
        .max(4_096)
        .optional()
        .openapi({ description: 'Answered 304 where they have not changed.', example: '"v1"' }),
    }),
    responses: {
      ...noAccount,
      200: { description: 'Of each kind.', schema: preferences, headers: etag },
      304: { description: 'They are what you have.' },
    },
    handle: ({ c, principal, headers }) => answer(c, principal.account, headers['if-none-match']),
  });

  const write = defineRoute({
    method: 'put',
    path,
    operationId: 'setNotificationPreferences',
    tag: 'Notifications',
    summary: 'Change where you are told of what',
    description: 'All of it is replaced. Mails go only to an address that was verified.',
    access: 'token',
    rate: 'counted',
    headers: z.object({
      'if-match': ifMatch,
      'idempotency-key': idempotencyKey.optional(),
    }),
    body: preferences,
    responses: {
      ...noAccount,
      200: { description: 'As they are now.', schema: preferences, headers: etag },
      409: { description: 'The Idempotency-Key came before with another request.' },
      412: { description: 'They were changed meanwhile: `If-Match` names another version.' },
    },
    async handle({ c, principal, headers, body }) {
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'notification.set-preferences', principal, reply: z.object({ version: z.int() }) },
        data: { ...body, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return answer(c, principal.account);
    },
  });

  return [read, write];
}
