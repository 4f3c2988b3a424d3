import type { Synset, WordNet } from '#shared/wordnet';
import { isCapitalised, kindOf, type NounKind } from './nouns.ts';
import { withArticle } from './predicate.ts';

const NAMES_WITH_THE =
  /(?:^| )(?:Ocean|Sea|Mountains|Islands|Alps|Gulf|Strait|Peninsula|Desert|Republic|States|War|Revolution|Empire|Channel|Canal|Lakes|Kingdom|Federation|Union|Battle|River|Bay of|Gulf of|Isle of|Age|Bridge|Reformation|Renaissance|Treaty|Tower|Wall|Museum|Palace|Depression|Holocaust|Crusades?|Bank|Party|Tour de France|Internet|Middle Ages)(?: |$)/;
const WITHOUT_THE = /^(?:the|mount|lake|saint) |^World War (?:I|1|2)/i;
/** There is one of each. */
const UNIQUE =
  /^(?:sun|moon|sky|universe|world|earth|solar system|equator|internet|atmosphere|ozone layer|horizon|future|past|present|environment|north pole|south pole|zodiac|big bang)$/i;
const kindsWithThe: ReadonlySet<string> = new Set([
  'river',
  'ocean',
  'sea',
  'strait',
  'desert',
  'gulf',
  'war',
  'canal',
  'museum',
  'art museum',
  'mountain range',
  'archipelago',
]);

/** A noun as the subject of a sentence: "an octopus", "happiness", "the Pacific Ocean". */
export function named(synset: Synset, lemma: string, kind: NounKind, wordNet: WordNet): string {
  if (UNIQUE.test(lemma)) return `the ${lemma}`;
  // "the heart is the hollow muscular organ …", but "a forest is the trees …".
  const isOwn = synset.topicFile === 8 && /^the /.test(synset.definition);
  if (kind === 'count') return isOwn ? `the ${lemma}` : withArticle(lemma);
  if (/^\p{Lu}.* language$/u.test(lemma)) return `the ${lemma}`;
  if (kind === 'taxon') return taxonName(synset, lemma);
  if (kind === 'name') {
    // "the evening star"
    if (/^\p{Ll}/u.test(lemma) && !/^(?:the|el|la|de|van|von) /.test(lemma)) return `the ${lemma}`;
    const isWith =
      NAMES_WITH_THE.test(lemma) ||
      wordNet
        .related(synset, 'instance-of')
        .some((parent) => parent.lemmas.some((name) => kindsWithThe.has(name)));
    return isWith && !WITHOUT_THE.test(lemma) ? `the ${lemma}` : lemma;
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

/** Nouns in one list: all with their article, or, where one takes none, none. */
export function listedAll(synsets: readonly Synset[], wordNet: WordNet): readonly string[] {
  const items = synsets.map((synset) => listed(synset, wordNet));
  return items.every((item) => /^the /.test(item))
    ? items
    : items.map((item) => item.replace(/^the (?=\p{Ll})/u, ''));
}

/** The lemma that people say: not the scientific name where another stands beside it. */
export function plainLemma(synset: Synset): string {
  const first = synset.lemmas[0] ?? 'thing';
  if (synset.topicFile === 18 && isCapitalised(first) && !first.includes(' ')) {
    // "Racine" → "Jean Racine".
    const full = synset.lemmas.filter((lemma) => lemma.includes(' ') && lemma.includes(first));
    return full.find((lemma) => /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(lemma)) ?? full[0] ?? first;
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
