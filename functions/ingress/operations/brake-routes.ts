import { z } from '@hono/zod-openapi';
import { MillraceError } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import type { Operations } from '#shared/ledger';
import { defineRoute, type Route } from '../route.ts';
import { demandAdmin } from './admin.ts';
import { brakeName, pause, pauseList, pauseRequest } from './schemas.ts';

const adminOnly = { 403: { description: 'The token has not the role `admin`.' } } as const;
const unknown = { 404: { description: 'There is no function or provider of that name.' } } as const;
const FOR_ADMINS = 'A brake holds everybody’s work';

/** Brakes on functions and providers, for admins. */
export function brakeRoutes({ operations }: { operations: Operations }): Route[] {
  const list = defineRoute({
    method: 'get',
    path: '/api/pauses',
    operationId: 'listPauses',
    tag: 'Operations',
    summary: 'List the brakes',
    access: 'token',
    rate: 'counted',
    responses: {
      ...adminOnly,
      200: { description: 'Oldest first.', schema: pauseList },
    },
    async handle({ c, principal }) {
      demandAdmin(principal, FOR_ADMINS);
      return c.json({ pauses: (await operations.listPauses()).map(viewOf) }, 200);
    },
  });

  const put = defineRoute({
    method: 'post',
    path: '/api/pauses',
    operationId: 'pause',
    tag: 'Operations',
    summary: 'Pause a function or a provider',
    description: 'Its work stays due and is shown as paused.',
    access: 'token',
    rate: 'counted',
    body: pauseRequest,
    responses: {
      ...adminOnly,
      ...unknown,
      201: { description: 'It is on.', schema: pause },
      409: { description: 'It contradicts the present state.' },
    },
    async handle({ c, principal, body }) {
      demandAdmin(principal, FOR_ADMINS);
      const made = await operations.pause({ ...body, by: principal.sub }).catch(missing);
      return c.json(viewOf(made), 201);
    },
  });

  const off = defineRoute({
    method: 'delete',
    path: '/api/pauses/{name}',
    operationId: 'resume',
    tag: 'Operations',
    summary: 'Resume a function or a provider',
    access: 'token',
    rate: 'counted',
    params: z.object({ name: brakeName }),
    responses: { ...adminOnly, ...unknown, 204: { description: 'It is off.' } },
    async handle({ c, principal, params }) {
      demandAdmin(principal, FOR_ADMINS);
      await operations.resume({ name: params.name }).catch(missing);
      return c.body(null, 204);
    },
  });

  return [list, put, off];
}

function missing(error: unknown): never {
  if (!(error instanceof MillraceError) || error.code !== 'pause-unknown') throw error;
  throw new HttpProblem({ status: 404, code: 'pause-unknown', detail: error.message });
}

function viewOf(view: Awaited<ReturnType<Operations['listPauses']>>[number]): z.infer<typeof pause> {
  const { name, kind, since, by, reason, functions, waiting } = view;
  return { name, kind, since: since.toISOString(), by, reason, functions: [...functions], waiting };
}
