import { openWordNet } from '#shared/wordnet';

const LEVELS = 7;

/**
 * What a noun is a kind of, in its commonest sense, nearest first (its synonyms come before all):
 * `sparrow` gives … `bird`, `vertebrate`, `animal`. Empty when WordNet does not know it.
 */
export function hypernyms(noun: string): string[] {
  const wordNet = openWordNet();
  const first = wordNet.senses(noun, 'noun')[0]?.synset;
  if (first === undefined) {
    return [];
  }
  const chain = [first, ...wordNet.broader(first).slice(0, LEVELS)];
  const lemmas = chain.flatMap((synset) => synset.lemmas.map((lemma) => lemma.toLowerCase()));
  return [...new Set(lemmas)].filter((lemma) => lemma !== noun);
}
