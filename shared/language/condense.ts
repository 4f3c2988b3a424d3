import { countWords, rankSentences, wordsOf } from '#shared/text';
import { pointsBack } from './points-back.ts';

export interface PlacedSentence {
  readonly text: string;
  /** Index of its section. */
  readonly section: number;
  readonly heading: string | undefined;
  readonly isFirst: boolean;
}

/** Contrasts with or follows from what came before; the word can go, the statement stays. */
const CONNECTIVE =
  /^(?:however|but|and|so|thus|therefore|moreover|furthermore|instead|also|besides|still|yet|then again|in addition|as a result|for this reason|nevertheless|otherwise|likewise|similarly),?\s+/i;
/** Speaks about the page, not about the subject. */
const ABOUT_THE_PAGE =
  /\b(?:see (?:above|below|figure|table|section)|click|figure \d|table \d|as shown|for more)\b/i;

/** Chooses the weightiest sentences up to `budget` words and keeps their order. */
export function condense(request: {
  readonly sentences: readonly PlacedSentence[];
  readonly budget: number;
  readonly keywords: readonly string[];
}): readonly PlacedSentence[] {
  const { sentences, budget } = request;
  const ranks = rankSentences(sentences.map((sentence) => sentence.text));
  const terms = new Set(request.keywords.flatMap((keyword) => wordsOf(keyword.toLowerCase())));
  const worth = sentences.map((sentence, index) => {
    const hits = wordsOf(sentence.text.toLowerCase()).filter((word) => terms.has(word)).length;
    let value = (ranks[index] ?? 0) * sentences.length + Math.min(hits, 3) * 0.15;
    if (sentence.isFirst) value += 0.6;
    if (ABOUT_THE_PAGE.test(sentence.text)) value -= 2;
    return value;
  });
  const chosen = new Set<number>();
  let words = 0;
  const take = (index: number): void => {
    const unit = unitOf(sentences, index).filter((member) => !chosen.has(member));
    const length = unit.reduce((sum, member) => sum + countWords(sentences[member]?.text ?? ''), 0);
    if (words + length > budget * 1.05) return;
    for (const member of unit) chosen.add(member);
    words += length;
  };
  take(0);
  if (!pointsBack(sentences.at(-1)?.text ?? '')) take(sentences.length - 1);
  const order = sentences
    .map((_, index) => index)
    .sort((left, right) => (worth[right] ?? 0) - (worth[left] ?? 0));
  // One of each section first, so that the whole text is heard, then the best of the rest.
  const met = new Set([...chosen].map((index) => sentences[index]?.section));
  for (const index of order) {
    const section = sentences[index]?.section;
    if (met.has(section)) continue;
    met.add(section);
    take(index);
  }
  for (const index of order) take(index);
  if (chosen.size === 0) chosen.add(shortest(sentences));
  return sentences.flatMap((sentence, index) => {
    if (!chosen.has(index)) return [];
    return [chosen.has(index - 1) ? sentence : { ...sentence, text: standAlone(sentence.text) }];
  });
}

/** A sentence with those before it that it points back at, three at most. */
function unitOf(sentences: readonly PlacedSentence[], index: number): readonly number[] {
  const unit = [index];
  for (let at = index; unit.length < 4; at -= 1) {
    const sentence = sentences[at];
    const before = sentences[at - 1];
    if (sentence === undefined || before === undefined || before.section !== sentence.section) break;
    const goesOn = /[,;:]$/.test(before.text);
    const stands = sentence.text.replace(CONNECTIVE, '');
    if (!goesOn && !pointsBack(stands)) break;
    unit.unshift(at - 1);
  }
  return unit;
}

function standAlone(text: string): string {
  const bare = text.replace(CONNECTIVE, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

function shortest(sentences: readonly PlacedSentence[]): number {
  let best = 0;
  sentences.forEach((sentence, index) => {
    if (countWords(sentence.text) < countWords(sentences[best]?.text ?? '')) best = index;
  });
  return best;
}
