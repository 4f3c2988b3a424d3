import { countWords } from '#shared/text';
import { isDelicate, pluralOf, type Synset, type TopicWord, type WordNet } from '#shared/wordnet';
import { defineNoun, defineOther } from './define.ts';
import { readGloss } from './gloss.ts';
import {
  enumerate,
  isCapitalised,
  kindOf,
  listed,
  named,
  plainLemma,
  predicateNoun,
  sentenceCase,
} from './naming.ts';

/** One statement of the dictionary, as it is spoken. */
export interface Fact {
  readonly text: string;
  readonly heading: string;
  /** What a picture of it shows. */
  readonly pictures: readonly string[];
  /** Facts of little rank are told first when time is short. */
  readonly rank: number;
  /** What the hook may announce it as. */
  readonly about: 'itself' | 'kind' | 'parts' | 'kinds' | 'relatives' | 'meanings' | 'use';
}

/** Meanings so broad that telling them tells nothing. */
const tooBroad: ReadonlySet<string> = new Set(
  `entity,physical entity,abstraction,abstract entity,object,physical object,whole,unit,thing,matter,artifact,
  artefact,instrumentality,living thing,organism,being,psychological feature,event,act,human action,deed,attribute,state,
  measure,quantity,relation,group,grouping,causal agent,cause,natural object,part,piece,content,cognition,communication,
  social group,process,physical process,activity,action,happening,change,condition,property,material,substance,
  cognitive content,person,individual,someone,location,region,way,quality,trait,definite quantity,indefinite quantity,
  fundamental quantity,collection,body part,body,chordate,vertebrate,biological group,taxonomic group,taxon,genus,family,
  order,class,phylum,causal agency,organic process,biological process,natural process,natural phenomenon,structure,
  construction,point,geographical area,district,area,compound,chemical compound,organic compound,message,information,
  signal,auditory communication,feeling,instrument,device,equipment,covering,creation,product,commodity,goods,
  communicator,creator,opening,space,writer,crack,plan of action,physical condition,body of water,leader,worker,unfortunate,adult,intellectual,expert,woody plant,vascular plant,tracheophyte,
  plant,flora,plant life,animal,beast,fauna,creature,line,plane figure,shape,form,section,division,organization,
  organisation,administrative district,municipality,urban area,geographic region,symptom,set`
    .split(',')
    .map((word) => word.trim()),
);

const mostRelated = 12;

export interface Telling {
  readonly wordNet: WordNet;
  /** Sentences told already, and meanings defined already. */
  readonly told: Set<string>;
}

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
  const add = (
    text: string,
    rank: number,
    about: Fact['about'],
    under: string,
    pictures: readonly string[],
  ): void => {
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
    add(text, index === 0 ? 0 : 1 + index * 0.1, 'itself', heading, [
      lemma,
      ...(parent === undefined ? [] : [plainLemma(parent)]),
    ]);
  });
  const others = otherNames(synset, lemma, wordNet);
  if (others !== undefined && !isGroup) add(others, 2, 'itself', heading, [lemma]);
  tellParents({ parents, own: own.name, main: synset, add, telling, isSaid: own.sentences.length > 0 });
  tellRelated({ word, telling, add });
  tellSiblings({ word, parent, telling, add });
  tellUse({ word, telling, add });
  return facts;
}

type Add = (
  text: string,
  rank: number,
  about: Fact['about'],
  heading: string,
  pictures: readonly string[],
) => void;

function isTooBroad(synset: Synset): boolean {
  return synset.lemmas.some((lemma) => tooBroad.has(lemma));
}

function titleOf(lemma: string): string {
  return sentenceCase(lemma);
}

/** "It is also called a devilfish." Spellings of the same word, and insults, are no other names. */
function otherNames(synset: Synset, lemma: string, wordNet: WordNet): string | undefined {
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
  const isLiving = synset.topicFile === 5 || synset.topicFile === 20;
  const names = others
    .filter((name) => !isLiving || !isCapitalised(name))
    .filter((name) => !name.includes('genus '))
    .slice(0, 2);
  if (synset.topicFile === 18 && isCapitalised(lemma)) return undefined;
  const spoken = names.map((name) => `“${name}”`);
  const called =
    spoken.length === 0
      ? undefined
      : spoken.length === 1
        ? `Another name for it is ${spoken[0]}`
        : `Other names for it are ${spoken.join(' and ')}`;
  if (isLiving && latin !== undefined) {
    return called === undefined
      ? `Its scientific name is ${latin}.`
      : `${called}; its scientific name is ${latin}.`.replace('; its', ', and its');
  }
  return called === undefined ? undefined : `${called}.`;
}

function tellParents(request: {
  readonly parents: readonly Synset[];
  readonly own: string;
  readonly main: Synset;
  readonly add: Add;
  readonly telling: Telling;
  readonly isSaid: boolean;
}): void {
  const { parents, add, telling, main } = request;
  parents.slice(0, 2).forEach((parent, index) => {
    const name = plainLemma(parent);
    if (telling.told.has(parent.id)) return;
    const { sentences, kind } = defineNoun(parent, telling.wordNet);
    if (kind === 'name' || kind === 'taxon') return;
    const heading =
      index === 0 || sentences.length > 0
        ? sentenceCase(kind === 'count' ? pluralOf(name) : name)
        : 'Where it belongs';
    const isNamed = main.definition.toLowerCase().includes(name.toLowerCase());
    if (index === 0 && (!isNamed || !request.isSaid)) {
      const group = kind === 'count' ? `a kind of ${name}` : `a form of ${name}`;
      if (!main.lemmas.some((lemma) => lemma.endsWith(name)) || !request.isSaid) {
        const verb = main.pointers.some((pointer) => pointer.kind === 'instance-of')
          ? undefined
          : `is ${group}`;
        if (verb !== undefined)
          add(`${sentenceCase(request.own)} ${verb}.`, request.isSaid ? 1.5 : 0, 'kind', heading, [name]);
      }
    }
    telling.told.add(parent.id);
    sentences.slice(0, 2 - index).forEach((text, place) => {
      add(text, 2 + index * 1.6 + place * 0.5, 'kind', heading, [name]);
    });
  });
}

function tellRelated({
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
    say: (items: readonly string[], count: number, first: Synset) => string,
  ): void => {
    const found = decent(wordNet.related(synset, kind), lemma, wordNet);
    if (found.length === 0) return;
    const chosen = found.slice(0, 4);
    add(
      say(
        chosen.map((item) => listed(item, wordNet)),
        found.length,
        chosen[0] ?? synset,
      ),
      rank,
      about,
      heading,
      chosen.map(plainLemma),
    );
    found.slice(0, mostRelated).forEach((item, index) => {
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
    (items) => `${sentenceCase(own.name)} contains ${enumerate(items.map(bare))}.`,
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

/** "Recce is reconnaissance." tells nothing. */
function saysSomething(sentence: string): boolean {
  return countWords(sentence.replace(/^.*? (?:is|was|are) /, '')) > 4;
}

function bare(item: string): string {
  return item.replace(/^the /, '');
}

/** Related meanings, best known first, without what repeats the word or is not for everybody. */
function decent(synsets: readonly Synset[], lemma: string, wordNet: WordNet): readonly Synset[] {
  const fame = (synset: Synset): number =>
    wordNet.senses(plainLemma(synset), 'noun').find((sense) => sense.synset.id === synset.id)?.tagCount ?? 0;
  return synsets
    .filter(
      (synset) =>
        !isDelicate(synset) &&
        !tooBroad.has(plainLemma(synset)) &&
        plainLemma(synset).toLowerCase() !== lemma.toLowerCase(),
    )
    .map((synset) => ({ synset, weight: fame(synset) + Math.min(4, synset.pointers.length) * 0.2 }))
    .sort((left, right) => right.weight - left.weight)
    .map(({ synset }) => synset);
}

function tellSiblings(request: {
  readonly word: TopicWord;
  readonly parent: Synset | undefined;
  readonly telling: Telling;
  readonly add: Add;
}): void {
  const { word, parent, telling, add } = request;
  const { wordNet } = telling;
  const isName = word.synset.pointers.some((pointer) => pointer.kind === 'instance-of');
  if (parent === undefined || wordNet.broader(word.synset)[0]?.id !== parent.id) return;
  const country = new Set(wordNet.related(word.synset, 'part-of').map((whole) => whole.id));
  const isNear = (sibling: Synset): boolean =>
    word.synset.topicFile !== 15 ||
    wordNet.related(sibling, 'part-of').some((whole) => country.has(whole.id));
  const siblings = decent(wordNet.related(parent, isName ? 'instance' : 'hyponym'), word.lemma, wordNet)
    .filter((sibling) => sibling.id !== word.synset.id && !telling.told.has(sibling.id) && isNear(sibling))
    .filter(
      (sibling) => isName || kindOf(sibling, plainLemma(sibling), sibling.definition, wordNet) !== 'taxon',
    );
  const name = plainLemma(parent);
  const kind = kindOf(parent, name, parent.definition, wordNet);
  const many = kind === 'count' ? pluralOf(name) : kind === 'plural' ? name : `forms of ${name}`;
  const shown = siblings.slice(0, 3);
  if (shown.length === 0) return;
  const heading = `Other ${many}`;
  add(
    shown.length === 1
      ? `Another ${kind === 'count' ? name : `form of ${name}`} is ${listed(shown[0] ?? parent, wordNet)}.`
      : `${sentenceCase(heading)} ${siblings.length > 3 ? 'include' : 'are'} ${enumerate(shown.map((item) => listed(item, wordNet)))}.`,
    3.6,
    'relatives',
    heading,
    shown.map(plainLemma),
  );
  siblings.slice(0, 3).forEach((sibling, index) => {
    telling.told.add(sibling.id);
    const { sentences } = defineNoun(sibling, wordNet);
    sentences
      .slice(0, 1)
      .filter(saysSomething)
      .forEach((text) => {
        add(text, 4.4 + index * 0.8, 'relatives', heading, [plainLemma(sibling)]);
      });
  });
}

/** Other meanings of the word, and the word in a sentence of the dictionary's own. */
function tellUse({
  word,
  telling,
  add,
}: {
  readonly word: TopicWord;
  readonly telling: Telling;
  readonly add: Add;
}): void {
  const { lemma, synset } = word;
  const example = synset.examples.find(
    (text) => countWords(text) >= 4 && countWords(text) <= 18 && /^[\w ,'’-]+$/.test(text),
  );
  if (example !== undefined) {
    add(`Here is the word in a sentence: ${example.replace(/[,.]+$/, '')}.`, 3.4, 'use', 'In a sentence', [
      lemma,
    ]);
  }
  word.others.slice(0, 3).forEach((other, index) => {
    const { main, field } = readGloss(other.definition);
    if (main === '' || countWords(main) > 22) return;
    const said = predicateNoun(main, telling.wordNet);
    if (said === undefined) return;
    const scope = field === undefined || field.split(' ').length > 2 ? '' : ` in ${field}`;
    const text =
      index === 0
        ? `The same word${scope} can also stand for ${said.text}.`
        : `It can${scope} stand for ${said.text}, too.`;
    add(text, 4 + index * 1.1, 'meanings', 'Other meanings', [lemma]);
  });
}

function factsOfOther(word: TopicWord, rank: number): Fact[] {
  const texts = [word.synset, ...word.others.filter((other) => other.wordClass === word.synset.wordClass)]
    .slice(0, 3)
    .flatMap((synset) => defineOther(synset, word.lemma) ?? []);
  const example = word.synset.examples.find((text) => /^[\w ,'’-]+$/.test(text) && countWords(text) >= 4);
  const all =
    example === undefined
      ? texts
      : [...texts.slice(0, 1), `Here is the word in a sentence: ${example}.`, ...texts.slice(1)];
  return all.map((text, index) => ({
    text:
      index > 0 && text.startsWith('To ')
        ? `It can also mean to ${text.replace(/^To .+? is to /, '')}`
        : text,
    heading: sentenceCase(word.lemma),
    pictures: [word.lemma],
    rank: rank + index * 1.5,
    about: index === 0 ? 'itself' : 'use',
  }));
}
