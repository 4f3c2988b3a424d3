import { z } from '@hono/zod-openapi';
import { notFound } from '#shared/http';
import type { Notifications } from '#shared/notifications';
import type { SendCommand } from '../accounts/send-command.ts';
import { answerPage } from '../pages/layout.ts';
import { defineRoute, type Route } from '../route.ts';
import { refuseMailsPage } from './refuse-mails-page.ts';

const path = '/notifications/unsubscribe/{token}';
const EXAMPLE = `0193b3f04d5e8000a000000000000001.liked.${'A'.repeat(43)}`;
const params = z.object({
  token: z.string().openapi({ description: 'From a mail.', example: EXAMPLE }),
});
const page = { type: 'text/html', example: '<!doctype html>' } as const;
const unknown = { 404: { description: 'This link is none of ours, or its account is gone.' } } as const;

/** Where the links of mails lead: no sign-in is asked for. */
export function refuseMailsRoutes({
  send,
  notifications,
}: {
  send: SendCommand;
  notifications: Notifications;
}): Route[] {
  const ask = defineRoute({
    method: 'get',
    path,
    operationId: 'askToRefuseMails',
    tag: 'Notifications',
    summary: 'The page of a mail’s link',
    description: 'A button that ends mails of this kind. Looking changes nothing.',
    access: 'public',
    rate: 'counted',
    params,
    responses: { 200: { description: 'The page.', ...page }, ...unknown },
    async handle({ c, params: { token } }) {
      const refusal = await notifications.refusal(token);
      if (refusal === undefined) throw notFound('link');
      return await answerPage(c, refuseMailsPage({ refusal, isDone: false }));
    },
  });

  const refuse = defineRoute({
    method: 'post',
    path,
    operationId: 'refuseMails',
    tag: 'Notifications',
    summary: 'No more such mails',
    description:
      'What a mail program sends for `List-Unsubscribe-Post` (RFC 8058). The body is not looked at.',
    access: 'public',
    rate: 'counted',
    params,
    responses: { 200: { description: 'None are sent any more.', ...page }, ...unknown },
    async handle({ c, params: { token } }) {
      const refusal = await notifications.refusal(token);
      if (refusal === undefined) throw notFound('link');
      await send({ c, type: 'notification.refuse-mails', data: { token }, reply: z.undefined() });
      return await answerPage(c, refuseMailsPage({ refusal, isDone: true }));
    },
  });

  return [ask, refuse];
}
