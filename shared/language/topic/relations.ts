import { pluralOf, type Synset, type TopicWord, type WordNet } from '#shared/wordnet';
import { defineNoun } from './define.ts';
import type { Add, Fact, Telling } from './fact.ts';
import { enumerate, listedAll, named, plainLemma, sentenceCase } from './naming.ts';
import { kindOf } from './nouns.ts';
import { decent, saysSomething } from './worth.ts';

const MOST_RELATED = 12;

export function tellRelated({
  word,
  telling,
  add,
}: {
  readonly word: TopicWord;
  readonly telling: Telling;
  readonly add: Add;
}): void {
  const { synset, lemma } = word;
  const { wordNet } = telling;
  const own = defineNoun(synset, wordNet, lemma);
  const whose = own.kind === 'count' ? `the ${lemma}` : own.name;
  const list = (
    kind: 'part' | 'substance' | 'member' | 'member-of' | 'hyponym' | 'instance' | 'part-of' | 'substance-of',
    rank: number,
    about: Fact['about'],
    heading: string,
    say: (items: readonly string[], count: number, first: Synset, chosen: readonly Synset[]) => string,
  ): void => {
    const found = decent(wordNet.related(synset, kind), lemma, wordNet);
    if (found.length === 0) return;
    const chosen = found.slice(0, 4);
    add(
      say(listedAll(chosen, wordNet), found.length, chosen[0] ?? synset, chosen),
      rank,
      about,
      heading,
      chosen.map(plainLemma),
    );
    found.slice(0, MOST_RELATED).forEach((item, index) => {
      if (telling.told.has(item.id)) return;
      telling.told.add(item.id);
      const { sentences } = defineNoun(item, wordNet);
      sentences
        .slice(0, 1)
        .filter(saysSomething)
        .forEach((text) => {
          add(text, rank + 0.6 + index * 0.7, about, heading, [plainLemma(item)]);
        });
    });
  };
  const isPlace = synset.topicFile === 15;
  list('part', 2.4, 'parts', isPlace ? `In ${lemma}` : `Parts of ${whose}`, (items) =>
    items.length === 1
      ? `${sentenceCase(items[0] ?? '')} is part of ${own.name}.`
      : isPlace
        ? `Within ${own.name} lie ${enumerate(items)}.`
        : `${sentenceCase(enumerate(items))} are parts of ${own.name}.`,
  );
  list(
    'substance',
    3,
    'parts',
    `What ${whose} holds`,
    (_items, _count, _first, chosen) =>
      `${sentenceCase(own.name)} contains ${enumerate(chosen.map((item) => some(item, wordNet)))}.`,
  );
  list(
    'part-of',
    3.2,
    'kind',
    'Where it belongs',
    (items, _count, first) =>
      `${sentenceCase(whose)} is part of ${named(first, plainLemma(first), kindOf(first, plainLemma(first), first.definition, wordNet), wordNet) || (items[0] ?? '')}.`,
  );
  if (own.kind === 'taxon') {
    list('member', 2.6, 'kinds', `In ${own.name}`, (items, count) =>
      items.length === 1
        ? `${sentenceCase(items[0] ?? '')} belongs to it.`
        : `To it belong ${enumerate(items)}${count > items.length ? ', among others' : ''}.`,
    );
    list(
      'member-of',
      3.2,
      'kind',
      'Where it belongs',
      (items) => `${sentenceCase(own.name)} belongs to ${items[0] ?? ''}.`,
    );
    return;
  }
  if (own.kind !== 'name') {
    list(
      'hyponym',
      2.8,
      'kinds',
      own.kind === 'count' ? `Kinds of ${lemma}` : `Forms of ${lemma}`,
      (items, count) =>
        items.length === 1
          ? `One kind of ${lemma} is ${items[0] ?? ''}.`
          : count > items.length
            ? `Kinds of ${lemma} include ${enumerate(items)}.`
            : `Kinds of ${lemma} are ${enumerate(items)}.`,
    );
    list(
      'instance',
      2.9,
      'kinds',
      own.kind === 'count' ? `Known ${pluralOf(lemma)}` : `Examples of ${lemma}`,
      (items, count) =>
        items.length === 1
          ? `One example, known by name, is ${items[0] ?? ''}.`
          : `${own.kind === 'count' ? sentenceCase(pluralOf(lemma)) : 'Examples'} known by name ${count > items.length ? 'include' : 'are'} ${enumerate(items)}.`,
    );
  }
}

/** "caffeine", "coffee beans". */
function some(synset: Synset, wordNet: WordNet): string {
  const lemma = plainLemma(synset);
  return kindOf(synset, lemma, synset.definition, wordNet) === 'count' ? pluralOf(lemma) : lemma;
}
