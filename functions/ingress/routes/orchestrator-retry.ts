import { z } from '@hono/zod-openapi';
import type { Ledger } from '#shared/ledger';
import { noSuchStep } from '../pipelines/flow-steps.ts';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId, stepName } from '../schemas/parameters.ts';
import { pipeline } from '../schemas/pipeline.ts';

export function orchestratorRetryRoute({
  ledger,
  reader,
}: {
  ledger: Ledger;
  reader: PipelineReader;
}): Route {
  return defineRoute({
    method: 'post',
    path: '/orchestrator/retry/{id}/{step}',
    operationId: 'orchestratorRetry',
    tag: 'Orchestrator',
    summary: 'Retry a step',
    description: 'All parts of the step that gave up are tried again, and the pipeline goes on from there.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId, step: stepName }),
    responses: {
      202: { description: 'They are tried again.', schema: pipeline },
      404: { description: 'There is no such pipeline of yours, or no such step in it.' },
      409: { description: 'Nothing of this step gave up, or the pipeline was cancelled.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const names = reader.steps(run).map(({ name }) => name);
      if (!names.includes(params.step)) throw noSuchStep(params.step, names);
      await ledger.retryStep({ run: run.id, function: params.step });
      const [found] = await reader.read([await reader.own({ id: run.id, account: principal.account })]);
      return c.json(found, 202);
    },
  });
}
