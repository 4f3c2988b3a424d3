import { z } from '@hono/zod-openapi';
import { eventCatalogue } from '#shared/events';
import { checkFormat, SIZE_PATTERN } from '../request/video-size.ts';
import { defineCall } from './call.ts';
import { format, reference, title } from './fields.ts';

export const assembleVideo = defineCall({
  flow: 'assembly',
  path: '/videos/assemble',
  operationId: 'assembleVideo',
  summary: 'Make a video of given sound and pictures',
  description:
    'The pictures (PNG, JPEG, WebP) are shown in order, each for the same time, with moving camera and fades, under the given sound. Send files with `POST /api/v1/uploads` first. `/videos/progress/{id}` says how far it is.',
  body: z
    .strictObject({
      audio: reference.openapi({ example: '/api/v1/uploads/0193b3f0-4d5e-8000-a000-000000000000' }),
      pictures: z
        .array(reference)
        .min(1)
        .max(100)
        .openapi({
          example: ['/api/v1/uploads/0193b3f0-4d5e-8000-a000-000000000001'],
        }),
      title: title.optional(),
      format: format.optional(),
      size: z.string().regex(SIZE_PATTERN, 'Write width and height in pixels, such as 1920x1080.').optional(),
    })
    .superRefine((asked, context) => {
      const wrong = checkFormat(asked);
      if (wrong === undefined) return;
      const { message, limit } = wrong;
      context.addIssue({ code: 'custom', path: ['size'], message, params: { limit } });
    })
    .openapi('AssemblyRequest', {
      example: {
        audio: '/api/v1/uploads/0193b3f0-4d5e-8000-a000-000000000000',
        pictures: ['/api/v1/uploads/0193b3f0-4d5e-8000-a000-000000000001'],
        format: 'long',
      },
    }),
  answerName: 'AssemblyCall',
  result: z.object({ durationSeconds: z.number() }),
  example: { durationSeconds: 31.2 },
  async begin(body, tools) {
    const settings = await tools.settings({ format: body.format, size: body.size, title: body.title });
    const name = body.title ?? 'Video';
    const audio = await tools.bring({ path: body.audio, field: 'audio' });
    const pictures = [];
    for (const [index, path] of body.pictures.entries())
      pictures.push(await tools.bring({ path, field: `pictures.${index}` }));
    const data = { settings, title: name, audio, pictures };
    return {
      title: name,
      events: [
        {
          type: 'pipeline.assembly.requested',
          data: eventCatalogue['pipeline.assembly.requested'].data.parse(data),
        },
      ],
    };
  },
});
