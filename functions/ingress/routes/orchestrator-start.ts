import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { StartPipeline } from '../pipelines/start-pipeline.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipeline } from '../schemas/pipeline.ts';
import { pipelineRequest } from '../schemas/pipeline-request.ts';
import { startResponses, withIdempotencyKey } from './start-responses.ts';

export function orchestratorStartRoute({
  start,
  reader,
}: {
  start: StartPipeline;
  reader: PipelineReader;
}): Route {
  return defineRoute({
    method: 'post',
    path: '/orchestrator/start',
    operationId: 'orchestratorStart',
    tag: 'Orchestrator',
    summary: 'Start a pipeline',
    description: 'The same as `POST /api/pipelines`, under the orchestrator’s own name.',
    access: 'token',
    rate: 'counted',
    headers: withIdempotencyKey,
    body: pipelineRequest,
    responses: startResponses(pipeline),
    async handle({ c, principal, headers, body }) {
      const { run, created } = await start({
        account: principal.account,
        body,
        operation: 'POST /orchestrator/start',
        idempotencyKey: headers['idempotency-key'],
        traceparent: c.get('traceparent'),
      });
      const [made] = await reader.read([run]);
      c.header('Location', `/orchestrator/status/${run.id}`);
      if (!created) c.header('Idempotency-Replayed', 'true');
      return c.json(made, 202);
    },
  });
}
