import { Permanent } from '#shared/errors';
import type { Speech, Voice } from './port.ts';

/**
 * The provider's first voice for the language, or its first of all: the provider itself refuses a language it lacks.
 *
 * @throws Permanent `voice-unknown` where it has none
 */
export async function defaultVoice(request: { speech: Speech; language: string }): Promise<Voice> {
  const voices = await request.speech.voices();
  const primary = request.language.split('-')[0]?.toLowerCase();
  const voice = voices.find(({ language }) => language.split('-')[0] === primary) ?? voices[0];
  if (voice === undefined) {
    throw new Permanent('voice-unknown', 'The voice provider has no voice; configure one.', {
      field: 'voice',
    });
  }
  return voice;
}
