import { isStopWord, type Reader } from '#shared/text';
import type { Sense, WordNet } from '#shared/wordnet';

/** The lexicographer's files (lexnames(5WN)) of what can be drawn, each with how well. */
const drawable: ReadonlyMap<number, number> = new Map([
  [5, 1], // animals
  [6, 0.9], // artifacts
  [8, 0.7], // parts of the body
  [13, 0.8], // food
  [15, 0.5], // places
  [17, 0.9], // natural objects
  [18, 0.6], // people
  [19, 0.6], // phenomena
  [20, 0.9], // plants
  [27, 0.6], // substances
]);

/** The things that a passage names, those that a picture can show first. */
export function picturesIn(request: {
  readonly text: string;
  readonly reader: Reader;
  readonly wordNet: WordNet;
  /** Weight of a term in this text, 0 where unknown. */
  readonly weightOf: (term: string) => number;
}): readonly string[] {
  const tokens = request.reader.tokens(request.text);
  const weights = new Map<string, number>();
  const add = (name: string, weight: number): void => {
    weights.set(name, Math.max(weights.get(name) ?? 0, weight));
  };
  tokens.forEach((token, index) => {
    if ((token.tag !== 'NOUN' && token.tag !== 'PROPN') || isStopWord(token.text) || token.text.length < 3)
      return;
    if (!/^\p{L}[\p{L}'’-]*$/u.test(token.text)) return;
    const senses = request.wordNet.senses(token.text, 'noun');
    const early = 1 + 0.3 / (index + 1);
    const own = (0.3 + request.weightOf(token.text)) * early;
    add(baseName(token.text, senses), own * drawing(senses));
    const next = tokens[index + 1];
    if (next === undefined || !/^\p{L}+$/u.test(next.text)) return;
    const phrase = `${token.text} ${next.text}`;
    const together = request.wordNet.senses(phrase, 'noun');
    if (together.length > 0) add(baseName(phrase, together), own * 1.4 * drawing(together));
  });
  return [...weights].sort((left, right) => right[1] - left[1]).map(([name]) => name);
}

/** How well a word can be drawn, by its commonest meaning. */
function drawing(senses: readonly Sense[]): number {
  const first = senses[0];
  return first === undefined ? 0.4 : (drawable.get(first.synset.topicFile) ?? 0.2);
}

/** The dictionary's own form of a word: "rivers" → "river". */
function baseName(word: string, senses: readonly Sense[]): string {
  const name = lemmaOf(word, senses);
  // "masons" are not the family Mason.
  return /^\p{Ll}/u.test(word) ? name.toLowerCase() : name;
}

function lemmaOf(word: string, senses: readonly Sense[]): string {
  const lower = word.toLowerCase();
  const lemma = senses[0]?.synset.lemmas.find(
    (candidate) =>
      candidate.toLowerCase() === lower ||
      (candidate.length > 2 &&
        lower.startsWith(candidate.toLowerCase().slice(0, -1)) &&
        lower.length - candidate.length <= 3),
  );
  return lemma ?? lower;
}
