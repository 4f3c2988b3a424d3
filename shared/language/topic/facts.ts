import { countWords } from '#shared/text';
import { isDelicate, type Synset, type TopicWord, type WordNet } from '#shared/wordnet';
import { defineNoun } from './define.ts';
import type { Add, Fact, Telling } from './fact.ts';
import { plainLemma, sentenceCase } from './naming.ts';
import { isCapitalised, isLiving } from './nouns.ts';
import { tellParents } from './parents.ts';
import { tellRelated } from './relations.ts';
import { tellSiblings } from './siblings.ts';
import { factsOfOther, tellUse } from './use.ts';
import { isTooBroad } from './worth.ts';

/** All that is worth telling of one noun of the topic, in the order of a story. */
export function factsOf(
  word: TopicWord,
  telling: Telling,
  base: { readonly rank: number; readonly isOnly: boolean },
): Fact[] {
  if (word.synset.wordClass !== 'noun') return factsOfOther(word, base.rank);
  const { wordNet } = telling;
  const { synset, lemma } = word;
  const own = defineNoun(synset, wordNet, lemma);
  const heading = base.isOnly || own.kind === 'name' ? titleOf(lemma) : titleOf(own.name);
  const facts: Fact[] = [];
  const add: Add = (text, rank, about, under, pictures) => {
    // Two things of which the same is said are told apart by nothing: the second is left out.
    const said = text.replace(/^.*? (?:is|was|are) /, '');
    if (telling.told.has(said) || countWords(text) > 48) return;
    telling.told.add(said);
    facts.push({ text, heading: under, rank: base.rank + rank, about, pictures: [...pictures, lemma] });
  };
  telling.told.add(synset.id);
  const isGroup = own.kind === 'taxon';
  const parents = isGroup
    ? []
    : wordNet.broader(synset).filter((parent) => !isTooBroad(parent) && !isDelicate(parent));
  const parent = parents[0];
  own.sentences.forEach((text, index) => {
    // "It is …" says nothing where "it" was told before, under another word.
    if (index > 0 && facts.length === 0) return;
    add(text, index === 0 ? 0 : 1 + index * 0.1, 'itself', heading, [
      lemma,
      ...(parent === undefined ? [] : [plainLemma(parent)]),
    ]);
  });
  const others = otherNames(
    synset,
    lemma,
    wordNet,
    facts.length > 0 && synset.topicFile !== 18 ? 'it' : own.name,
  );
  if (others !== undefined && !isGroup) add(others, 2, 'itself', heading, [lemma]);
  tellParents({ parents, own: own.name, main: synset, add, telling, isSaid: own.sentences.length > 0 });
  tellRelated({ word, telling, add });
  tellSiblings({ word, parent, telling, add });
  tellUse({ word, telling, add });
  return facts;
}

function titleOf(lemma: string): string {
  return sentenceCase(lemma);
}

/** "It is also called a devilfish." Spellings of the same word, and insults, are no other names. */
function otherNames(synset: Synset, lemma: string, wordNet: WordNet, subject: string): string | undefined {
  // "saber" and "sabre" are one name.
  const squeeze = (name: string): string =>
    [
      ...name
        .toLowerCase()
        .replaceAll(/[^a-z]/g, '')
        .slice(0, 5),
    ]
      .sort()
      .join('');
  // "Pump" is no good name for the heart: its first meaning is another.
  const means = (name: string): boolean => wordNet.senses(name, 'noun')[0]?.synset.id === synset.id;
  const others = synset.lemmas.filter(
    (name) =>
      squeeze(name) !== squeeze(lemma) && !lemma.toLowerCase().includes(name.toLowerCase()) && means(name),
  );
  const latin = others.find((name) => /^\p{Lu}\p{Ll}+ \p{Ll}+$/u.test(name));
  const names = others
    .filter((name) => !isLiving(synset) || !isCapitalised(name))
    .filter((name) => !name.includes('genus '))
    .slice(0, 2);
  if (synset.topicFile === 18 && isCapitalised(lemma)) return undefined;
  const spoken = names.map((name) => `“${name}”`);
  const called =
    spoken.length === 0
      ? undefined
      : spoken.length === 1
        ? `Another name for ${subject} is ${spoken[0]}`
        : `Other names for ${subject} are ${spoken.join(' and ')}`;
  if (isLiving(synset) && latin !== undefined) {
    return called === undefined
      ? `${subject === 'it' ? 'Its scientific name' : `The scientific name of ${subject}`} is ${latin}.`
      : `${called}; its scientific name is ${latin}.`.replace('; its', ', and its');
  }
  return called === undefined ? undefined : `${called}.`;
}
