import type { ReadWord } from '../normalise/index.ts';

/** What flite speaks in one call: a sentence, or a piece of a long one. */
export interface Phrase {
  readonly words: readonly ReadWord[];
  /** Seconds of silence after it. */
  readonly pauseAfter: number;
}

/** About 20 s of speech; keeps a call under half a second and its memory under 32 MB. */
const LONGEST_PHRASE = 280;
const SENTENCE_PAUSE = 0.38;
/** Between pieces of a sentence that was too long for one call: at a comma, and anywhere else. */
const CLAUSE_PAUSE = 0.14;
const SEAM_PAUSE = 0.03;

const spokenLength = (word: ReadWord) => word.spoken.reduce((sum, token) => sum + token.length + 1, 0);

/** Cuts one sentence where it is too long: at the last clause that fits, else between words. */
function cutSentence(words: readonly ReadWord[]): Phrase[] {
  const phrases: Phrase[] = [];
  let current: ReadWord[] = [];
  let length = 0;
  const flush = (count: number) => {
    const words = current.slice(0, count);
    phrases.push({ words, pauseAfter: words.at(-1)?.pause === 'none' ? SEAM_PAUSE : CLAUSE_PAUSE });
    current = current.slice(count);
    length = current.reduce((sum, word) => sum + spokenLength(word), 0);
  };
  for (const word of words) {
    if (current.length > 0 && length + spokenLength(word) > LONGEST_PHRASE) {
      const clause = current.findLastIndex((earlier) => earlier.pause !== 'none');
      flush(clause >= current.length / 3 ? clause + 1 : current.length);
      if (length + spokenLength(word) > LONGEST_PHRASE && current.length > 0) flush(current.length);
    }
    current.push(word);
    length += spokenLength(word);
  }
  if (current.length > 0) flush(current.length);
  return phrases;
}

/** Divides a passage into sentences, as words. */
export function sentencesOfWords(words: readonly ReadWord[]): readonly (readonly ReadWord[])[] {
  const sentences: ReadWord[][] = [[]];
  for (const word of words) {
    sentences.at(-1)?.push(word);
    if (word.pause === 'sentence' || word.pause === 'question') sentences.push([]);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

/** Divides a passage into what flite gets, a call each. */
export function phrasesOf(words: readonly ReadWord[]): readonly Phrase[] {
  return sentencesOfWords(words).flatMap((sentence) => {
    const phrases = cutSentence(sentence);
    return phrases.map((phrase, index) =>
      index === phrases.length - 1 ? { ...phrase, pauseAfter: SENTENCE_PAUSE } : phrase,
    );
  });
}
