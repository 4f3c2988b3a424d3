import { Permanent } from '#shared/errors';
import { wordsOf } from './plain-text.ts';

/** Below so many words a guess of the language is worth little. */
const ENOUGH_WORDS = 12;
const SAMPLE_CHARACTERS = 4_000;

/**
 * The offline writers know English only; short or ambiguous texts count as the language that was asked for.
 * @throws Permanent `language-unsupported`
 */
export async function requireEnglish(request: {
  /** BCP 47 tag that was asked for. */
  readonly language: string;
  readonly text: string;
  /** Field to name in the error: `topic` or `script`. */
  readonly field: string;
}): Promise<void> {
  if (!/^en(?:-|$)/i.test(request.language)) {
    throw unsupported(`"${request.language}" was asked for`, 'language');
  }
  const sample = request.text.slice(0, SAMPLE_CHARACTERS);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters > 0 && latin < letters / 2) {
    throw unsupported(`the ${request.field} is written in another script than Latin`, request.field);
  }
  const words = wordsOf(sample).filter((word) => /\p{L}/u.test(word));
  if (words.length < ENOUGH_WORDS) return;
  const { detectAll } = await import('tinyld');
  const guesses = detectAll(sample);
  const english = guesses.find((guess) => guess.lang === 'en')?.accuracy ?? 0;
  const best = guesses[0];
  if (best === undefined || best.lang === 'en' || best.accuracy < 0.4 || english > best.accuracy / 3) return;
  throw unsupported(`the ${request.field} reads as "${best.lang}"`, request.field);
}

function unsupported(what: string, field: string): Permanent {
  return new Permanent(
    'language-unsupported',
    `Only English is written without a language model, but ${what}. ` +
      'Give an English text, or set LANGUAGE_MODEL to a model that knows the language.',
    { field },
  );
}
