import { z } from '@hono/zod-openapi';
import { listedTitle } from '../request/listed-title.ts';
import { exactlyOne } from '../schemas/exactly-one.ts';
import { oneLine } from '../schemas/words.ts';
import { defineCall } from './call.ts';
import { checkSource, format, language, ownText, title, topic } from './fields.ts';
import { startedEvent } from './started-event.ts';

export const generateScript = defineCall({
  flow: 'script',
  path: '/scripts/generate',
  operationId: 'generateScript',
  summary: 'Write a script',
  description: 'Finds the keywords and writes the script: hook, scenes and close, with its sources.',
  body: z
    .strictObject({
      topic: topic.optional(),
      script: ownText.optional(),
      language: language.optional(),
      seconds: z.number().min(5).max(3600).optional().openapi({ description: 'Wished length; 60.' }),
      title: title.optional(),
      format: format.optional(),
      voice: oneLine({ min: 1, max: 100 })
        .optional()
        .openapi({ description: 'Who will speak it: decides how many words fill the time.', example: 'slt' }),
    })
    .superRefine(checkSource)
    .openapi('ScriptRequest', {
      description: 'Exactly one of `topic` and `script`.',
      ...exactlyOne('topic', 'script'),
      example: { topic: 'Why octopuses have three hearts', seconds: 60 },
    }),
  answerName: 'ScriptCall',
  result: z.object({
    title: z.string(),
    language: z.string(),
    scenes: z.array(
      z.object({ key: z.string(), role: z.string(), heading: z.string(), narration: z.string() }),
    ),
    sources: z.array(z.object({ title: z.string(), licence: z.string(), url: z.string().optional() })),
    plannedSeconds: z.number(),
    shortened: z.string().optional(),
  }),
  example: {
    title: 'Why octopuses have three hearts',
    language: 'en',
    scenes: [
      { key: 'scene-001', role: 'hook', heading: 'Three hearts', narration: 'An octopus has three hearts.' },
    ],
    sources: [{ title: 'WordNet 3.1', licence: 'WordNet licence' }],
    plannedSeconds: 58,
  },
  begin: async (body, tools) => ({ title: listedTitle(body), events: [await startedEvent(body, tools)] }),
});
