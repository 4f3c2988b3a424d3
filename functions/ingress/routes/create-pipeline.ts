import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { StartPipeline } from '../pipelines/start-pipeline.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipeline } from '../schemas/pipeline.ts';
import { pipelineRequest } from '../schemas/pipeline-request.ts';
import { startResponses, withIdempotencyKey } from './start-responses.ts';

export function createPipelineRoute({
  start,
  reader,
}: {
  start: StartPipeline;
  reader: PipelineReader;
}): Route {
  return defineRoute({
    method: 'post',
    path: '/api/pipelines',
    operationId: 'createPipeline',
    tag: 'Pipelines',
    summary: 'Make a video',
    description:
      'Answers at once; the video is made afterwards. Follow `links.events`, or read `links.self`.',
    access: 'token',
    rate: 'counted',
    headers: withIdempotencyKey,
    body: pipelineRequest,
    responses: startResponses(pipeline),
    async handle({ c, principal, headers, body }) {
      const { run, created } = await start({
        account: principal.account,
        body,
        operation: 'POST /api/pipelines',
        idempotencyKey: headers['idempotency-key'],
        traceparent: c.get('traceparent'),
      });
      const [made] = await reader.read([run]);
      c.header('Location', `/api/pipelines/${run.id}`);
      if (!created) c.header('Idempotency-Replayed', 'true');
      return c.json(made, 202);
    },
  });
}
