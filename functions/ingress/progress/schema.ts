import { z } from '@hono/zod-openapi';
import { pipelineStatus } from '../schemas/pipeline.ts';

export const videoProgress = z
  .object({
    id: z.uuid(),
    status: pipelineStatus,
    stage: z.enum(['preparing', 'rendering', 'joining', 'done']),
    percent: z.int().min(0).max(100).openapi({ description: 'Of the picture, from frames.' }),
    frames: z.object({ done: z.int().min(0), total: z.int().min(1) }).optional(),
    remainingSeconds: z.int().min(0).optional().openapi({ description: 'At the speed so far.' }),
    speed: z
      .object({
        framesPerSecond: z.number(),
        realtime: z.number().openapi({ description: 'Seconds of video made in one second.' }),
      })
      .optional(),
    links: z.object({ pipeline: z.string() }),
  })
  .openapi('VideoProgress', {
    example: {
      id: '0193b3f0-4d5e-8000-a000-000000000000',
      status: 'running',
      stage: 'rendering',
      percent: 42,
      frames: { done: 790, total: 1842 },
      remainingSeconds: 18,
      speed: { framesPerSecond: 58.2, realtime: 1.94 },
      links: { pipeline: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000' },
    },
  });

export type VideoProgress = z.infer<typeof videoProgress>;
