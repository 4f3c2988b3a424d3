import { z } from '@hono/zod-openapi';

export const pipelineId = z.string().openapi({
  description: 'Id of a pipeline of yours.',
  example: '0193b3f0-4d5e-8000-a000-000000000000',
});
export const stepName = z.string().openapi({ description: 'Name of a step.', example: 'render-tts' });
export const artifactName = z.string().openapi({ description: 'Name of an artifact.', example: 'video.mp4' });
export const partName = z.string().openapi({ description: 'The part it belongs to.', example: 'scene-001' });
