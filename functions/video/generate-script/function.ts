import { readFile } from 'node:fs/promises';
import { Permanent } from '#shared/errors';
import { script as scriptSchema } from '#shared/events';
import { defineFunction, type Emit } from '#shared/function';
import { defaultVoice, type Speech } from '#shared/speech';
import { decodeText } from '#shared/text';

export default defineFunction({
  name: 'generate-script',
  summary: 'Writes the script, hook, scenes and close, from the maker’s text or from reference data.',
  consumes: ['pipeline.keywords.fetched'],
  needs: ['scriptWriter', 'speech'],
  async handle(input, deps) {
    const { settings, topic, script, subject, keywords } = input.one('pipeline.keywords.fetched').data;
    const text = script === undefined ? undefined : decodeText(await readFile(await deps.fetch(script)));
    const { provider } = deps.scriptWriter;
    // Once, for both answers that a script may take: a refusal between them would throw the first away.
    if (provider !== undefined) await deps.provider(provider);
    const wordsPerMinute = await paceOf({ speech: deps.speech, ...settings });
    const answer = scriptSchema.safeParse(
      await deps.scriptWriter.write({
        subject,
        ...(topic === undefined ? {} : { topic }),
        ...(text === undefined ? {} : { text }),
        ...(settings.title === undefined ? {} : { title: settings.title }),
        keywords,
        seconds: settings.seconds,
        ...(wordsPerMinute === undefined ? {} : { wordsPerMinute }),
        language: settings.language,
        signal: deps.signal,
      }),
    );
    if (!answer.success) {
      throw new Permanent(
        'script-invalid',
        'The script writer returned no valid script; choose another writer.',
        {
          cause: answer.error,
        },
      );
    }
    const { title, scenes, shortened, plannedSeconds } = answer.data;
    if (shortened !== undefined)
      deps.log.info({ plannedSeconds, asked: settings.seconds }, 'script shortened');
    deps.progress(0.9, `${scenes.length} scenes`);
    const artifact = await deps.put('script.json', { bytes: `${JSON.stringify(answer.data, null, 2)}\n` });
    return {
      puts: [{ artifact, data: { settings, subject, title, scenes: scenes.length } }],
      emits: scenes.map(
        (scene, index): Emit => ({
          type: 'scene.scripted',
          key: scene.key,
          data: { settings, scene, index, total: scenes.length },
        }),
      ),
    };
  },
});

/** A script is as long as its own narrator needs for it. */
async function paceOf(request: {
  speech: Speech;
  voice?: string | undefined;
  language: string;
}): Promise<number | undefined> {
  const { speech, voice, language } = request;
  if (voice === undefined) return (await defaultVoice({ speech, language })).wordsPerMinute;
  return (await speech.voices()).find(({ id }) => id === voice)?.wordsPerMinute;
}
