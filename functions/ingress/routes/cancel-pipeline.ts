import { z } from '@hono/zod-openapi';
import { Conflict } from '#shared/errors';
import type { Ledger } from '#shared/ledger';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import { pipeline } from '../schemas/pipeline.ts';

export function cancelPipelineRoute({ ledger, reader }: { ledger: Ledger; reader: PipelineReader }): Route {
  return defineRoute({
    method: 'post',
    path: '/api/pipelines/{id}/cancel',
    operationId: 'cancelPipeline',
    tag: 'Pipelines',
    summary: 'Cancel a pipeline',
    description: 'What it has made stays readable. Work under way stops within a second.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      200: { description: 'It was cancelled before.', schema: pipeline },
      202: { description: 'It is cancelled.', schema: pipeline },
      404: { description: 'It does not exist, or is not yours.' },
      409: { description: 'It has already completed or failed.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const outcome = await ledger.cancelRun({ run: run.id });
      const after = await reader.own({ id: params.id, account: principal.account });
      if (after.state !== 'cancelled') {
        throw new Conflict(
          'already-settled',
          `The pipeline has already ${after.state}; there is nothing to cancel.`,
        );
      }
      const [found] = await reader.read([after]);
      return c.json(found, outcome === 'cancelled' ? 202 : 200);
    },
  });
}
