import { z } from '@hono/zod-openapi';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import type { createRenderProgress } from './render-progress.ts';
import { videoProgress } from './schema.ts';

export function videoProgressRoute({
  reader,
  progress,
}: {
  reader: PipelineReader;
  progress: ReturnType<typeof createRenderProgress>;
}): Route {
  return defineRoute({
    method: 'get',
    path: '/videos/progress/{id}',
    operationId: 'videoProgress',
    tag: 'Calls',
    summary: 'How far a video is rendered',
    description: 'Counted in frames, with the speed so far and the time that is left at that speed.',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: pipelineId }),
    responses: {
      200: { description: 'How far it is.', schema: videoProgress },
      404: { description: 'It does not exist, or is not yours.' },
    },
    async handle({ c, principal, params }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const [pipeline] = await reader.read([run]);
      if (pipeline === undefined) throw new Error(`The run ${run.id} cannot be read.`);
      return c.json(await progress(run, pipeline), 200);
    },
  });
}
