import type { Synset, WordNet } from '#shared/wordnet';
import { isCapitalised, kindOf, type NounKind } from './nouns.ts';
import { withArticle } from './predicate.ts';

const namesWithThe =
  /(?:^| )(?:Ocean|Sea|Mountains|Islands|Alps|Gulf|Strait|Peninsula|Desert|Republic|States|War|Revolution|Empire|Channel|Canal|Lakes|Kingdom|Federation|Union|Battle|River|Bay of|Gulf of|Isle of|Age|Bridge|Reformation|Renaissance|Treaty)(?: |$)/;
const kindsWithThe: ReadonlySet<string> = new Set([
  'river',
  'ocean',
  'sea',
  'strait',
  'desert',
  'gulf',
  'war',
  'canal',
  'constellation museum',
  'mountain range',
  'archipelago',
]);

/** A noun as the subject of a sentence: "an octopus", "happiness", "the Pacific Ocean". */
export function named(synset: Synset, lemma: string, kind: NounKind, wordNet: WordNet): string {
  if (kind === 'count') return /^the /.test(synset.definition) ? `the ${lemma}` : withArticle(lemma);
  if (kind === 'taxon') return taxonName(synset, lemma);
  if (kind === 'name') {
    const isWith =
      namesWithThe.test(lemma) ||
      wordNet
        .related(synset, 'instance-of')
        .some((parent) => parent.lemmas.some((name) => kindsWithThe.has(name)));
    return isWith && !/^(?:the|mount|lake|saint) /i.test(lemma) ? `the ${lemma}` : lemma;
  }
  return lemma;
}

/** "the genus Lanius", "Heteroptera". */
function taxonName(synset: Synset, lemma: string): string {
  const ranked = synset.lemmas.find((name) => /^[a-z]+ \p{Lu}/u.test(name));
  return ranked === undefined ? lemma : `the ${ranked}`;
}

/** A noun in a list: "the crater", "happiness", "Etna". */
export function listed(synset: Synset, wordNet: WordNet): string {
  const lemma = plainLemma(synset);
  const kind = kindOf(synset, lemma, synset.definition, wordNet);
  if (kind === 'count') return /^\p{Lu}\S*['’]s /u.test(lemma) ? lemma : `the ${lemma}`;
  return named(synset, lemma, kind, wordNet);
}

/** The lemma that people say: not the scientific name where another stands beside it. */
export function plainLemma(synset: Synset): string {
  const first = synset.lemmas[0] ?? 'thing';
  if (synset.topicFile === 18 && isCapitalised(first) && !first.includes(' ')) {
    // "Racine" → "Jean Racine".
    return synset.lemmas.find((lemma) => /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(lemma)) ?? first;
  }
  if (!isCapitalised(first) || synset.topicFile === 15 || synset.topicFile === 18) return first;
  if (synset.topicFile !== 5 && synset.topicFile !== 20) return first;
  return synset.lemmas.find((lemma) => !isCapitalised(lemma)) ?? first;
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c". */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
