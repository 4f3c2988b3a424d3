import { z } from '@hono/zod-openapi';
import type { Accounts } from '#shared/accounts';
import { notFound } from '#shared/http';
import { defineRoute, type Route } from '../route.ts';
import { sessionList } from './schemas.ts';
import type { SendCommand } from './send-command.ts';
import { sessionView } from './session-view.ts';

/** Where one is signed in, and an end to it. */
export function sessionRoutes({ send, accounts }: { send: SendCommand; accounts: Accounts }): Route[] {
  const list = defineRoute({
    method: 'get',
    path: '/auth/sessions',
    operationId: 'listSessions',
    tag: 'People',
    summary: 'List where you are signed in',
    access: 'token',
    rate: 'counted',
    responses: { 200: { description: 'Last used first, at most 100.', schema: sessionList } },
    async handle({ c, principal }) {
      const sessions = await accounts.sessions(principal.account);
      return c.json({ sessions: sessions.map(sessionView) });
    },
  });

  const end = defineRoute({
    method: 'delete',
    path: '/auth/sessions/{id}',
    operationId: 'endSession',
    tag: 'People',
    summary: 'Sign out elsewhere',
    description: 'Its tokens are refused within two seconds.',
    access: 'token',
    rate: 'counted',
    params: z.object({
      id: z.string().openapi({
        description: 'Id of a session of yours.',
        example: '0193b3f0-4d5e-4000-a000-000000000002',
      }),
    }),
    responses: {
      204: { description: 'It is over.' },
      404: { description: 'You have no such session.' },
    },
    async handle({ c, principal, params }) {
      const session = z.uuid().safeParse(params.id).data;
      if (session === undefined) throw notFound('session');
      await send({ c, type: 'session.revoke', data: { session }, principal, reply: z.undefined() });
      return c.body(null, 204);
    },
  });

  return [list, end];
}
