import { z } from '@hono/zod-openapi';
import type { Notifications } from '#shared/notifications';
import type { SendCommand } from '../accounts/send-command.ts';
import { demandAdmin } from '../operations/admin.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import { placeOf, sentView } from './notification-view.ts';
import { historyPage, notice, runProgress, sentNotice } from './schemas.ts';

/** Under the paths of another system: the same functions answer. */
export function notificationV1Routes({
  send,
  notifications,
  reader,
}: {
  send: SendCommand;
  notifications: Notifications;
  reader: PipelineReader;
}): Route[] {
  const sendNotice = defineRoute({
    method: 'post',
    path: '/api/v1/notifications/send',
    operationId: 'sendNotice',
    tag: 'Notifications',
    summary: 'Tell somebody something',
    description: 'For admins. It goes where that person wishes to hear of notices.',
    access: 'token',
    rate: 'counted',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: notice,
    responses: {
      202: { description: 'He is told.', schema: sentNotice },
      403: { description: 'The token has not the role `admin`.' },
      404: { description: 'There is nobody of this id.' },
      409: { description: 'The Idempotency-Key came before with another request.' },
    },
    async handle({ c, principal, body, headers: { 'idempotency-key': idempotencyKey } }) {
      demandAdmin(principal, 'Notices go out in the platform’s name');
      const answer = await send({
        ...{ c, type: 'notification.send', data: body, principal, idempotencyKey },
        reply: z.object({ notice: z.string() }),
      });
      return c.json(answer, 202);
    },
  });

  const progress = defineRoute({
    method: 'get',
    path: '/api/v1/notifications/progress/{projectId}',
    operationId: 'readRunProgress',
    tag: 'Notifications',
    summary: 'How far a run of yours is',
    access: 'token',
    rate: 'counted',
    params: z.object({
      projectId: z.string().openapi({
        format: 'uuid',
        description: 'Id of a run of yours.',
        example: '0193b3f0-4d5e-8000-a000-000000000000',
      }),
    }),
    responses: {
      200: { description: 'How far it is.', schema: runProgress },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.projectId, account: principal.account });
      const [pipeline] = await reader.read([run]);
      if (pipeline === undefined) throw new Error(`The run ${run.id} cannot be read.`);
      const { id, title, status, progress: percent, steps, links } = pipeline;
      const doing = steps.filter((step) => step.status === 'running').map(({ name }) => name);
      return c.json(
        {
          ...{ id, title, status, progress: percent, doing: [...new Set(doing)] },
          links: { about: links.self, events: links.events },
        },
        200,
      );
    },
  });

  const history = defineRoute({
    method: 'get',
    path: '/api/v1/notifications/history',
    operationId: 'listNotificationHistory',
    tag: 'Notifications',
    summary: 'List all that you were told, and how',
    description: 'Also what was only mailed or pushed. Half a year is kept.',
    access: 'token',
    rate: 'counted',
    query: pageQuery,
    responses: { 200: { description: 'A page.', schema: historyPage, headers: linkHeader } },
    async handle({ c, principal: { account }, query: { limit, cursor: before } }) {
      const found = await notifications.list('all', { account, before, limit: limit + 1 });
      const { entries, links } = pageOf(c, { found, limit, keyOf: placeOf });
      return c.json({ notifications: entries.map(sentView), links }, 200);
    },
  });

  return [sendNotice, progress, history];
}
