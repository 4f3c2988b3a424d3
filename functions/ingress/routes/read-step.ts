import { z } from '@hono/zod-openapi';
import { noSuchStep } from '../pipelines/flow-steps.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { detailOf } from '../pipelines/step-view.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId, stepName } from '../schemas/parameters.ts';
import { stepDetail } from '../schemas/pipeline.ts';

export function readStepRoute({ reader }: { reader: PipelineReader }): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}/steps/{step}',
    operationId: 'readStep',
    tag: 'Pipelines',
    summary: 'Read one step',
    description: 'A step that works on several parts is answered as a whole, with each part in `parts`.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId, step: stepName }),
    responses: {
      200: { description: 'The step.', schema: stepDetail },
      404: { description: 'There is no such pipeline of yours, or no such step in it.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const [found] = await reader.read([run]);
      const steps = found?.steps ?? [];
      const [first, ...rest] = steps.filter(({ name }) => name === params.step);
      if (first === undefined) throw noSuchStep(params.step, [...new Set(steps.map(({ name }) => name))]);
      return c.json(detailOf([first, ...rest]), 200);
    },
  });
}
