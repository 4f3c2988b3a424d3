import { z } from '@hono/zod-openapi';
import { oneLine } from '../schemas/words.ts';
import { defineCall } from './call.ts';
import { format, title } from './fields.ts';
import { givenScript, sceneOf } from './given-script.ts';

export const generateThumbnail = defineCall({
  flow: 'thumbnail',
  path: '/thumbnails/generate',
  operationId: 'generateThumbnail',
  summary: 'Make a thumbnail',
  description: 'The title in large type beside what it is about: `thumbnail.jpg` is its artifact.',
  body: z
    .strictObject({
      title: title.openapi({ example: 'Why octopuses have three hearts' }),
      subject: oneLine({ min: 1, max: 200 })
        .optional()
        .openapi({ description: 'What the picture shows. Left out: the title decides.', example: 'octopus' }),
      words: z
        .array(oneLine({ min: 1, max: 60 }))
        .max(19)
        .optional(),
      format: format.optional(),
    })
    .openapi('ThumbnailRequest', {
      example: { title: 'Why octopuses have three hearts', subject: 'octopus' },
    }),
  answerName: 'ThumbnailCall',
  result: z.object({ credits: z.array(z.string()) }),
  example: { credits: ['Fluent Emoji, Microsoft, MIT'] },
  async begin(body, tools) {
    const settings = await tools.settings({ format: body.format, title: body.title });
    const subject = body.subject ?? body.title;
    const scenes = [
      sceneOf({ index: 0, heading: body.title, narration: body.title, subject, words: body.words }),
    ];
    const script = givenScript({ title: body.title, language: settings.language, seconds: 5, scenes });
    const artifact = await tools.store('script.json', JSON.stringify(script));
    return {
      title: body.title,
      events: [
        {
          type: 'pipeline.script.generated',
          data: { settings, artifact, subject, title: body.title, scenes: 1 },
        },
      ],
    };
  },
});
