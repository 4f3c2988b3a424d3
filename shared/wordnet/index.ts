/** WordNet 3.1 (Princeton University), read straight from its own files: words, senses and how they relate. */
export { isDelicate } from './decency.ts';
export { baseForms, pluralOf } from './morphology.ts';
export type { Pointer, PointerKind, Sense, Synset, WordClass } from './synset.ts';
export { type TopicWord, topicWords } from './topic-words.ts';
export { openWordNet, type WordNet, wordNetSource } from './wordnet.ts';
