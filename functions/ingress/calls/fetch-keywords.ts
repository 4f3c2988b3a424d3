import { z } from '@hono/zod-openapi';
import { listedTitle } from '../request/listed-title.ts';
import { exactlyOne } from '../schemas/exactly-one.ts';
import { defineCall } from './call.ts';
import { checkSource, format, language, ownText, topic } from './fields.ts';
import { startedEvent } from './started-event.ts';

export const fetchKeywords = defineCall({
  flow: 'keywords',
  path: '/keywords/fetch',
  operationId: 'fetchKeywords',
  summary: 'Find keywords',
  description: 'What people search for around a topic or a text, each term with its score and why.',
  body: z
    .strictObject({
      topic: topic.optional(),
      script: ownText.optional(),
      language: language.optional(),
      format: format.optional(),
    })
    .superRefine(checkSource)
    .openapi('KeywordsRequest', {
      description: 'Exactly one of `topic` and `script`.',
      ...exactlyOne('topic', 'script'),
      example: { topic: 'Why octopuses have three hearts' },
    }),
  answerName: 'KeywordsCall',
  result: z.object({
    subject: z.string(),
    keywords: z.array(z.object({ term: z.string(), score: z.number(), why: z.string() })),
  }),
  example: {
    subject: 'octopus hearts',
    keywords: [{ term: 'octopus heart', score: 1, why: 'The words of the topic itself.' }],
  },
  begin: async (body, tools) => ({ title: listedTitle(body), events: [await startedEvent(body, tools)] }),
});
