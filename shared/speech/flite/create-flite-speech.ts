import { Permanent } from '#shared/errors';
import { readText } from '../normalise/index.ts';
import type { Speech, SpokenText, SpokenWord, Voice } from '../port.ts';
import { phrasesOf } from './phrases.ts';
import { SpeakingThread } from './speaking-thread.ts';
import { fliteVoices } from './voices.ts';

/** Characters that one call of `speak` takes. */
const LONGEST_PASSAGE = 5_000;

/** {@link Speech} by flite, offline, English; `close` ends its thread. */
export interface FliteSpeech extends Speech {
  close(): Promise<void>;
}

/** Makes the offline voice provider. One serves a whole process; nothing is loaded before it first speaks. */
export function createFliteSpeech(options: { defaultVoice?: string } = {}): FliteSpeech {
  const thread = new SpeakingThread();
  const fallback = options.defaultVoice === undefined ? fliteVoices[0] : chooseVoice(options.defaultVoice);
  return {
    voices: async () => fliteVoices,
    close: () => thread.close(),
    async speak({ text, voice, language, signal }) {
      const chosen = voice === undefined ? (fallback ?? chooseVoice('rms')) : chooseVoice(voice);
      refuseLanguage(language);
      if (text.length > LONGEST_PASSAGE) {
        throw new Permanent(
          'text-too-long',
          `The passage has ${text.length} characters; one call speaks ${LONGEST_PASSAGE}.`,
          { field: 'text' },
        );
      }
      const phrases = phrasesOf(readText(text));
      if (phrases.length === 0) {
        throw new Permanent(
          'nothing-to-say',
          `Nothing can be spoken of "${text.slice(0, 60)}"; write words or numbers.`,
          { field: 'text' },
        );
      }
      const pieces: Int16Array[] = [];
      const words: SpokenWord[] = [];
      let sampleRate = 0;
      let length = 0;
      for (const [index, phrase] of phrases.entries()) {
        const groups = phrase.words.map(({ spoken, pause }) => ({ spoken, pause }));
        const spoken = await thread.speak({ voice: chosen.id, groups }, signal);
        sampleRate = spoken.sampleRate;
        const offset = length / sampleRate;
        for (const [at, word] of phrase.words.entries()) {
          const span = spoken.spans[at] ?? { start: 0, end: 0 };
          words.push({ text: word.text, start: offset + span.start, end: offset + span.end });
        }
        const silence = index === phrases.length - 1 ? 0 : Math.round(phrase.pauseAfter * sampleRate);
        pieces.push(spoken.samples, new Int16Array(silence));
        length += spoken.samples.length + silence;
      }
      return join({ pieces, length, sampleRate, words });
    },
  };
}

function join(request: {
  pieces: readonly Int16Array[];
  length: number;
  sampleRate: number;
  words: readonly SpokenWord[];
}): SpokenText {
  const samples = new Int16Array(request.length);
  let offset = 0;
  for (const piece of request.pieces) {
    samples.set(piece, offset);
    offset += piece.length;
  }
  return { samples, sampleRate: request.sampleRate, words: request.words };
}

function chooseVoice(id: string): Voice {
  const voice = fliteVoices.find((candidate) => candidate.id === id);
  if (voice) return voice;
  const known = fliteVoices.map((candidate) => candidate.id).join(', ');
  throw new Permanent('voice-unknown', `There is no voice "${id.slice(0, 100)}"; the voices are ${known}.`, {
    field: 'voice',
    details: { voices: fliteVoices.map((candidate) => candidate.id) },
  });
}

function refuseLanguage(language: string | undefined): void {
  if (language === undefined || /^en(?:$|[-_])/i.test(language)) return;
  throw new Permanent(
    'language-unsupported',
    `The offline voices speak English (en, en-US, en-GB), not "${language.slice(0, 35)}"; choose "en" or configure another voice provider.`,
    { field: 'language', details: { languages: ['en', 'en-US', 'en-GB'] } },
  );
}
