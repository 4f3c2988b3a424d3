import { openWordNet } from '#shared/wordnet';

const LEVELS = 7;

/** The lexicographer's files (lexnames(5WN)) of things: animals, artifacts, body, food, places, objects, people, plants, … */
const THINGS: ReadonlySet<number> = new Set([5, 6, 8, 13, 15, 17, 18, 20, 27]);

/** What a noun is a kind of. */
export interface Kinds {
  /** Nearest first, synonyms before all: `sparrow` gives … `bird`, `vertebrate`, `animal`. */
  readonly names: readonly string[];
  /** Whether it can be touched; a few steps above an idea, nothing says what it is any more. */
  readonly thing: boolean;
}

/** Looks a noun up in its commonest sense; no names when WordNet does not know it. */
export function kindsOf(noun: string): Kinds {
  const wordNet = openWordNet();
  const first = wordNet.senses(noun, 'noun')[0]?.synset;
  if (first === undefined) {
    return { names: [], thing: false };
  }
  const chain = [first, ...wordNet.broader(first).slice(0, LEVELS)];
  const lemmas = chain.flatMap((synset) => synset.lemmas.map((lemma) => lemma.toLowerCase()));
  const names = [...new Set(lemmas)].filter((lemma) => lemma !== noun);
  return { names, thing: THINGS.has(first.topicFile) };
}
