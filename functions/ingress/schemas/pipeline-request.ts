import { z } from '@hono/zod-openapi';
import { checkFormat, SIZE_PATTERN } from '../request/video-size.ts';
import { exactlyOne } from './exactly-one.ts';
import { labelKey, labelValue, languageTag, markdown, oneLine } from './words.ts';

export const MAX_LABELS = 20;

/** The body of `POST /api/pipelines`. */
export const pipelineRequest = z
  .strictObject({
    topic: oneLine({ min: 3, max: 200 }).optional().openapi({
      description: 'What the video is about. Either this or `script`.',
      example: 'Why octopuses have three hearts',
    }),
    script: markdown.optional().openapi({
      description: 'Your own text in Markdown, at most 200 KB of UTF-8. Either this or `topic`.',
      example: '# Three hearts\n\nAn octopus has three hearts. Two serve the gills.',
    }),
    format: z.enum(['long', 'short', 'square']).optional().openapi({
      description: '16:9, 9:16 or 1:1. Left out: what `size` says, else `long`.',
    }),
    size: z
      .string()
      .regex(SIZE_PATTERN, 'Write width and height in pixels, such as 1920x1080.')
      .optional()
      .openapi({
        description:
          'Pixels, both even: the longer side 320 to 3840, the shorter 180 to 2160. Alone it decides the format. Left out: 1920x1080, 1080x1920 or 1080x1080.',
        example: '1920x1080',
      }),
    seconds: z.number().min(5).max(3600).optional().openapi({
      description: 'Wished length. The video is shorter where the sources hold too little. Left out: 60.',
      example: 60,
    }),
    voice: oneLine({ min: 1, max: 100 })
      .optional()
      .openapi({ description: 'Name of a voice.', example: 'slt' }),
    language: languageTag.optional().openapi({
      type: 'string',
      description: 'BCP 47 tag. Left out: the language of the voice, else `en`.',
      example: 'en',
    }),
    title: oneLine({ min: 1, max: 100 })
      .optional()
      .openapi({ description: 'Left out: the writer finds one.' }),
    labels: z
      .record(labelKey, labelValue)
      .refine((labels) => Object.keys(labels).length <= MAX_LABELS, {
        error: `At most ${MAX_LABELS} labels.`,
        params: { limit: MAX_LABELS },
      })
      .optional()
      .openapi({
        description: 'Words of your own, to find the pipeline again: at most 20.',
        maxProperties: MAX_LABELS,
        example: { series: 'sea' },
      }),
  })
  .superRefine((request, context) => {
    const given = [request.topic, request.script].filter((source) => source !== undefined).length;
    if (given !== 1) {
      const message = 'Give exactly one of topic and script.';
      context.addIssue({ code: 'custom', path: [given === 0 ? 'topic' : 'script'], message });
    }
    const wrong = checkFormat(request);
    if (wrong !== undefined) {
      const { message, limit } = wrong;
      context.addIssue({ code: 'custom', path: ['size'], message, params: { limit } });
    }
  })
  .openapi('PipelineRequest', {
    description: 'Exactly one of `topic` and `script`; everything else has a default.',
    ...exactlyOne('topic', 'script'),
    example: {
      topic: 'Why octopuses have three hearts',
      format: 'long',
      seconds: 60,
      voice: 'slt',
      labels: { series: 'sea' },
    },
  });

export type PipelineRequest = z.infer<typeof pipelineRequest>;
