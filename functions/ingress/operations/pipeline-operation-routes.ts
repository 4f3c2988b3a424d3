import { z } from '@hono/zod-openapi';
import { notFound } from '#shared/http';
import type { Operations } from '#shared/ledger';
import { noSuchStep } from '../pipelines/flow-steps.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import { replayed, replayRequest, why } from './schemas.ts';
import { whyView } from './why-view.ts';

interface Options {
  readonly operations: Operations;
  readonly reader: PipelineReader;
}

/** Replay, and why everything of a pipeline is where it is. */
export function pipelineOperationRoutes(options: Options): Route[] {
  return [replayRoute(options), whyRoute(options)];
}

function replayRoute({ operations, reader }: Options): Route {
  return defineRoute({
    method: 'post',
    path: '/api/pipelines/{id}/replay',
    operationId: 'replayPipeline',
    tag: 'Operations',
    summary: 'Replay a pipeline from a step',
    description:
      'A new pipeline: what does not descend from the step is copied, the step and what follows is made again. The old one stays as it is.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: replayRequest,
    responses: {
      200: { description: 'A dry run: what would be copied and what made again.', schema: replayed },
      202: {
        description: 'The new pipeline goes on.',
        schema: replayed,
        headers: { Location: 'The new pipeline.' },
      },
      404: { description: 'There is no such pipeline of yours, or no such step in it.' },
      409: { description: 'The pipeline is still going on, or never reached that step.' },
    },
    async handle({ c, principal, params, headers, body }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const names = reader.steps(run).map(({ name }) => name);
      if (!names.includes(body.from)) throw noSuchStep(body.from, names);
      const done = await operations.replay({
        run: run.id,
        owner: principal.account,
        from: body.from,
        key: body.part,
        ...(body.redo === undefined ? {} : { redo: body.redo }),
        dryRun: body.dryRun ?? false,
        idempotencyKey: headers['idempotency-key'],
      });
      const counted = (all: typeof done.due) =>
        all.map(({ function: step, deliveries }) => ({ step, deliveries }));
      const location = done.run === undefined ? undefined : `/api/pipelines/${done.run}`;
      if (location !== undefined) c.header('Location', location);
      return c.json(
        {
          ...(location === undefined ? {} : { pipeline: location }),
          due: counted(done.due),
          again: counted(done.again),
          copied: counted(done.copied),
          kept: [...done.kept],
          artifacts: { ...done.artifacts },
        },
        location === undefined ? 200 : 202,
      );
    },
  });
}

function whyRoute({ operations, reader }: Options): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}/why',
    operationId: 'whyPipeline',
    tag: 'Operations',
    summary: 'Why everything is where it is',
    description:
      'The causal timeline: what made each step due, how long it was queued and worked, its attempts with their errors, what is waited for, and the call that would mend it.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      200: { description: 'The timeline.', schema: why },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const timeline = await operations.timelineOf(run.id);
      if (timeline === undefined) throw notFound('such pipeline');
      return c.json(whyView(timeline, timeline.steps), 200);
    },
  });
}
