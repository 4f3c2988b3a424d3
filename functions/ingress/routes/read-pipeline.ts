import { z } from '@hono/zod-openapi';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import { pipeline } from '../schemas/pipeline.ts';

export function readPipelineRoute({ reader }: { reader: PipelineReader }): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}',
    operationId: 'readPipeline',
    tag: 'Pipelines',
    summary: 'Read one pipeline',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      200: { description: 'Its state, steps and artifacts.', schema: pipeline },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const [found] = await reader.read([run]);
      return c.json(found, 200);
    },
  });
}
