import { z } from '@hono/zod-openapi';
import type { Ledger } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { removePipeline } from '../pipelines/remove-pipeline.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import { pipeline } from '../schemas/pipeline.ts';

export function deletePipelineRoute({
  ledger,
  reader,
  artifacts,
}: {
  ledger: Ledger;
  reader: PipelineReader;
  artifacts: ObjectStore;
}): Route {
  return defineRoute({
    method: 'delete',
    path: '/api/pipelines/{id}',
    operationId: 'deletePipeline',
    tag: 'Pipelines',
    summary: 'Cancel or remove a pipeline',
    description: 'One that goes on is cancelled; a finished one goes with its artifacts and products.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      202: {
        description: 'It went on and is cancelled now; delete it again to remove it.',
        schema: pipeline,
      },
      204: { description: 'It is gone, with all its files.' },
      404: { description: 'It does not exist, or is not yours.' },
      409: { description: 'Its last work is just ending; try again.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      if (run.state === 'running' && (await ledger.cancelRun({ run: run.id })) === 'cancelled') {
        const [found] = await reader.read([await reader.own({ id: run.id, account: principal.account })]);
        return c.json(found, 202);
      }
      await removePipeline({ ledger, artifacts, run: run.id });
      return c.body(null, 204);
    },
  });
}
