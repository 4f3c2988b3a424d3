import { z } from '@hono/zod-openapi';
import { HttpProblem } from '#shared/http';
import { listedTitle } from '../request/listed-title.ts';
import { oneLine } from '../schemas/words.ts';
import { defineCall } from './call.ts';
import { language, ownText, title } from './fields.ts';
import { givenScript, narrationScenes } from './given-script.ts';

/** Of `script.json`. */
const MOST_SCENES = 600;

export const renderSpeech = defineCall({
  flow: 'narration',
  path: '/tts/render',
  operationId: 'renderSpeech',
  summary: 'Speak a text',
  description:
    'The text is spoken as it stands. `narration.wav` (48 kHz, −14 LUFS), `timeline.json` with the time of every word, and captions as SRT and WebVTT are its artifacts.',
  body: z
    .strictObject({
      text: ownText.openapi({
        description: 'Plain text, at most 200 KB of UTF-8; empty lines part passages.',
        example: 'An octopus has three hearts. Two serve the gills.',
      }),
      voice: oneLine({ min: 1, max: 100 })
        .optional()
        .openapi({ description: 'See /tts/voices.', example: 'slt' }),
      language: language.optional(),
      title: title.optional(),
    })
    .openapi('SpeechRequest', { example: { text: 'An octopus has three hearts.', voice: 'slt' } }),
  answerName: 'SpeechCall',
  result: z.object({ voice: z.string(), durationSeconds: z.number() }),
  example: { voice: 'slt', durationSeconds: 3.2 },
  async begin(body, tools) {
    const settings = await tools.settings(body);
    const name = listedTitle({ title: body.title, script: body.text });
    const scenes = narrationScenes(body.text);
    if (scenes.length > MOST_SCENES) {
      const message = `The text makes ${scenes.length} passages; ${MOST_SCENES} are the most. Send it in parts.`;
      const errors = [{ field: 'text', message, limit: MOST_SCENES }];
      throw new HttpProblem({ status: 400, code: 'request-invalid', detail: message, errors });
    }
    const script = givenScript({
      title: name,
      language: settings.language,
      seconds: settings.seconds,
      scenes,
    });
    const artifact = await tools.store('script.json', JSON.stringify(script));
    return {
      title: name,
      events: [
        {
          type: 'pipeline.script.generated',
          data: { settings, artifact, subject: name, title: name, scenes: scenes.length },
        },
      ],
    };
  },
});
