import { z } from '@hono/zod-openapi';
import type { Principal } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';
import { type Operations, stepsFor } from '#shared/ledger';
import { pausedOf } from '../pipelines/step-view.ts';
import { defineRoute, type Route } from '../route.ts';
import { isAdmin } from './admin.ts';
import {
  bulkRetry,
  delivery,
  deliveryFilter,
  deliveryId,
  deliveryList,
  deliveryState,
  why,
} from './schemas.ts';
import { whyView } from './why-view.ts';

type Listed = Awaited<ReturnType<Operations['listDeliveries']>>['deliveries'][number];

/** Deliveries as operators see them: one's own, and everybody's for an admin. */
export function deliveryRoutes({ operations }: { operations: Operations }): Route[] {
  const ownerOf = (principal: Principal) => (isAdmin(principal) ? {} : { owner: principal.account });

  /** One's own, or anybody's for an admin. @throws HttpProblem 404 */
  async function own(id: string, principal: Principal) {
    const found = await operations.readDelivery(id);
    if (found !== undefined && (isAdmin(principal) || found.owner === principal.account)) return found;
    throw notFound('such delivery');
  }

  const list = defineRoute({
    method: 'get',
    path: '/api/deliveries',
    operationId: 'listDeliveries',
    tag: 'Operations',
    summary: 'List deliveries',
    description: 'Newest first; `state=dead` are the dead letters. An admin sees everybody’s.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({
      ...deliveryFilter,
      state: deliveryState.optional(),
      limit: z
        .string()
        .regex(/^([1-9]\d?|100)$/, 'A whole number from 1 to 100.')
        .transform(Number)
        .default(50)
        .openapi({ type: 'integer', description: '1 to 100; 50 where left out.', example: 50 }),
      cursor: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .openapi({ description: 'From `links.next`.', example: '0193b3f0-4d5e-8000-a000-000000010000' }),
    }),
    responses: { 200: { description: 'A page.', schema: deliveryList } },
    async handle({ c, principal, query }) {
      const { cursor, ...filter } = query;
      const page = await operations
        .listDeliveries({ ...filter, ...ownerOf(principal), before: cursor })
        .catch(asField);
      const url = new URL(c.req.url);
      if (page.next !== undefined) url.searchParams.set('cursor', page.next);
      return c.json({
        deliveries: page.deliveries.map(viewOf),
        links: page.next === undefined ? {} : { next: `${url.pathname}${url.search}` },
      });
    },
  });

  const retryMany = defineRoute({
    method: 'post',
    path: '/api/deliveries/retry',
    operationId: 'retryDeliveries',
    tag: 'Operations',
    summary: 'Retry dead letters',
    description: 'All that match the filter, at most 1,000 a call; with `dryRun=1` it only says which.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({ ...deliveryFilter, dryRun: z.enum(['0', '1']).optional() }),
    responses: { 200: { description: 'What was, or would be, made due again.', schema: bulkRetry } },
    async handle({ c, principal, query }) {
      const { dryRun, ...filter } = query;
      const { matched, retried, skipped, more, sample } = await operations.retryDeliveries({
        ...filter,
        ...ownerOf(principal),
        dryRun: dryRun === '1',
      });
      return c.json({ matched, retried, skipped, more, sample: sample.map(viewOf) }, 200);
    },
  });

  const retryOne = defineRoute({
    method: 'post',
    path: '/api/deliveries/{delivery}/retry',
    operationId: 'retryDelivery',
    tag: 'Operations',
    summary: 'Retry one dead letter',
    access: 'token',
    rate: 'counted',
    params: z.object({ delivery: deliveryId }),
    responses: {
      202: { description: 'It is due again.', schema: delivery },
      404: { description: 'It does not exist, or is not yours.' },
      409: { description: 'It is not dead, or its run was cancelled.' },
    },
    async handle({ c, principal, params }) {
      const found = await own(params.delivery, principal);
      await operations.retryDelivery({ delivery: found.id });
      return c.json(viewOf((await operations.readDelivery(found.id)) ?? found), 202);
    },
  });

  const whyOne = defineRoute({
    method: 'get',
    path: '/api/deliveries/{delivery}/why',
    operationId: 'whyDelivery',
    tag: 'Operations',
    summary: 'Why a delivery is where it is',
    description: 'Itself and the deliveries whose events led to it, as `why` of its pipeline tells them.',
    access: 'token',
    rate: 'counted',
    params: z.object({ delivery: deliveryId }),
    responses: {
      200: { description: 'The timeline that led to it.', schema: why },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const { id } = await own(params.delivery, principal);
      const timeline = await operations.timelineOf(id);
      if (timeline === undefined) throw notFound('such delivery');
      return c.json(whyView(timeline, stepsFor(timeline, id)), 200);
    },
  });

  return [list, retryMany, retryOne, whyOne];
}

function viewOf(listed: Listed): z.infer<typeof delivery> {
  const { id, run, owner, flow, key, state, attempts, lost, error } = listed;
  return {
    ...{ id, run, owner, flow, step: listed.function, state, attempts, lost },
    ...(key === undefined ? {} : { part: key }),
    createdAt: listed.createdAt.toISOString(),
    ...(listed.startedAt === undefined ? {} : { startedAt: listed.startedAt.toISOString() }),
    ...(listed.endedAt === undefined ? {} : { endedAt: listed.endedAt.toISOString() }),
    ...pausedOf(listed),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    links: {
      pipeline: `/api/pipelines/${run}`,
      why: `/api/deliveries/${id}/why`,
      ...(state === 'dead' ? { retry: `/api/deliveries/${id}/retry` } : {}),
    },
  };
}

function asField(error: unknown): never {
  if (!(error instanceof MillraceError) || error.code !== 'cursor-invalid') throw error;
  const { message } = error;
  const errors = [{ field: 'query.cursor', message }];
  throw new HttpProblem({ status: 400, code: 'request-invalid', detail: message, errors });
}
