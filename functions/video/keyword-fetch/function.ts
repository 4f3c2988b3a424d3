import { readFile } from 'node:fs/promises';
import { Permanent } from '#shared/errors';
import { defineFunction } from '#shared/function';
import { decodeText } from '#shared/text';

/** As many as the event carries at most. */
const MOST_KEYWORDS = 30;

export default defineFunction({
  name: 'keyword-fetch',
  summary:
    'Finds what the video is about and what people search for around it, each term with its score and why.',
  consumes: ['pipeline.started'],
  needs: ['keywords'],
  async handle(input, deps) {
    const { settings, topic, script } = input.one('pipeline.started').data;
    const text = script === undefined ? undefined : decodeText(await readFile(await deps.fetch(script)));
    if (text === undefined && topic === undefined) {
      throw new Permanent('topic-missing', 'There is neither a topic nor a script; give one of them.', {
        field: 'topic',
      });
    }
    const answer = await deps.keywords.fetch({
      ...(text === undefined ? { topic: topic ?? '' } : { text }),
      language: settings.language,
      limit: MOST_KEYWORDS,
      signal: deps.signal,
    });
    deps.progress(1, `${answer.keywords.length} keywords`);
    return {
      emits: [
        {
          type: 'pipeline.keywords.fetched',
          data: {
            settings,
            ...(topic === undefined ? {} : { topic }),
            ...(script === undefined ? {} : { script }),
            subject: answer.subject,
            keywords: [...answer.keywords],
          },
        },
      ],
    };
  },
});
