import { nearestWord } from '#shared/errors';
import type { VideoSettings } from '#shared/events';
import { HttpProblem, quote } from '#shared/http';
import type { Voice } from '#shared/speech';
import { type Format, resolveFormat } from './video-size.ts';

/** What a request says of how the video looks and sounds. */
export interface AskedSettings {
  readonly format?: Format | undefined;
  readonly size?: string | undefined;
  readonly seconds?: number | undefined;
  readonly voice?: string | undefined;
  readonly language?: string | undefined;
  readonly title?: string | undefined;
}

/** Where the platform's voices and languages are known, an unknown one is refused at the door. */
export interface SpokenChoices {
  readonly voices?: (() => Promise<readonly Voice[]>) | undefined;
  /** Language tags that can be narrated; a tag of two letters stands for all its regions. Left out: the voices' own. */
  readonly languages?: (() => Promise<readonly string[]>) | undefined;
}

/** The settings that every event of the pipeline carries. @throws HttpProblem 400 */
export async function settingsOf(request: AskedSettings, choices: SpokenChoices): Promise<VideoSettings> {
  const { seconds = 60, title } = request;
  const voice = await knownVoice(request.voice, choices);
  const language = request.language ?? primary(voice?.language ?? 'en');
  await checkLanguage(language, choices);
  if (voice?.language !== undefined && primary(voice.language) !== primary(language)) {
    throw refusal({
      field: 'voice',
      message: `The voice "${voice.id}" speaks ${voice.language}, not ${language}; choose another voice or leave language out.`,
    });
  }
  return {
    ...resolveFormat(request),
    fps: 30,
    seconds,
    ...(voice === undefined ? {} : { voice: voice.id }),
    language,
    ...(title === undefined ? {} : { title }),
  };
}

async function knownVoice(
  id: string | undefined,
  { voices }: SpokenChoices,
): Promise<{ id: string; language: string | undefined } | undefined> {
  if (id === undefined) return undefined;
  if (voices === undefined) return { id, language: undefined };
  const known = await voices();
  const found = known.find((voice) => voice.id === id);
  if (found !== undefined) return found;
  const ids = known.map((voice) => voice.id);
  throw refusal({
    field: 'voice',
    message: `There is no voice ${quote(id)}.${meant(id, ids)} The voices are ${ids.join(', ')}.`,
    limit: ids,
  });
}

async function checkLanguage(language: string, choices: SpokenChoices): Promise<void> {
  const known = await knownLanguages(choices);
  if (known === undefined || known.some((tag) => tag === language || tag === primary(language))) return;
  throw refusal({
    field: 'language',
    message: `The language "${language}" cannot be narrated here; the languages are ${known.join(', ')}.`,
    limit: known,
  });
}

async function knownLanguages({ voices, languages }: SpokenChoices): Promise<readonly string[] | undefined> {
  if (languages !== undefined) return await languages();
  if (voices === undefined) return undefined;
  return [...new Set((await voices()).map((voice) => primary(voice.language)))];
}

function meant(id: string, ids: readonly string[]): string {
  const nearest = nearestWord(id, ids);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function primary(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? tag;
}

function refusal(error: { field: string; message: string; limit?: readonly string[] }): HttpProblem {
  return new HttpProblem({ status: 400, code: 'request-invalid', detail: error.message, errors: [error] });
}
