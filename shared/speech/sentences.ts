import { sentencesOfWords } from './flite/phrases.ts';
import { readText } from './normalise/index.ts';

/**
 * Divides a passage into sentences that can be spoken one by one, for progress and cancelling between them. Markup, emoji
 * and control characters are gone; a sentence of which nothing would be said joins its neighbour; no sentence at all: [].
 */
export function splitSentences(text: string): readonly string[] {
  return sentencesOfWords(readText(text)).map((words) => words.map((word) => word.text).join(' '));
}
