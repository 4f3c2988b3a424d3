import { z } from '@hono/zod-openapi';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import { pipeline } from '../schemas/pipeline.ts';

export function orchestratorStatusRoute({ reader }: { reader: PipelineReader }): Route {
  return defineRoute({
    method: 'get',
    path: '/orchestrator/status/{id}',
    operationId: 'orchestratorStatus',
    tag: 'Orchestrator',
    summary: 'State of a pipeline',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      200: { description: 'Its state, steps and artifacts.', schema: pipeline },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const [found] = await reader.read([await reader.own({ id: params.id, account: principal.account })]);
      return c.json(found, 200);
    },
  });
}
