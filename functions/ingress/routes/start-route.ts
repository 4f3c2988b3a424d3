import { z } from '@hono/zod-openapi';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { StartPipeline } from '../pipelines/start-pipeline.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route, type RouteDefinition } from '../route.ts';
import { pipeline } from '../schemas/pipeline.ts';
import { pipelineRequest } from '../schemas/pipeline-request.ts';

/** What differs between the two names under which a pipeline is started. */
type StartName = Pick<
  RouteDefinition<'token', z.ZodObject, z.ZodObject, z.ZodObject, typeof pipelineRequest>,
  'path' | 'operationId' | 'tag' | 'summary' | 'description'
>;

export interface StartOptions {
  readonly start: StartPipeline;
  readonly reader: PipelineReader;
}

/** A route that starts a pipeline: answered at once, the same key the same pipeline. */
export function startRoute({
  start,
  reader,
  name,
  locationOf,
}: StartOptions & { readonly name: StartName; readonly locationOf: (id: string) => string }): Route {
  return defineRoute({
    ...name,
    method: 'post',
    access: 'token',
    rate: 'counted',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: pipelineRequest,
    responses: {
      202: {
        description: 'Accepted; the pipeline as it is now.',
        schema: pipeline,
        headers: {
          Location: 'Where the pipeline is read.',
          'Idempotency-Replayed': '`true` where this key had started the pipeline before.',
        },
      },
      409: { description: 'The Idempotency-Key came before with another body.' },
    },
    async handle({ c, principal, headers, body }) {
      const { run, created } = await start({
        account: principal.account,
        body,
        operation: `POST ${name.path}`,
        idempotencyKey: headers['idempotency-key'],
        traceparent: c.get('traceparent'),
      });
      const [made] = await reader.read([run]);
      c.header('Location', locationOf(run.id));
      if (!created) c.header('Idempotency-Replayed', 'true');
      return c.json(made, 202);
    },
  });
}
