import { isStopWord, type Reader, termOf, wordsOf } from '#shared/text';
import { isDelicate, isInsult } from './decency.ts';
import type { Sense, Synset, WordClass } from './synset.ts';
import { isForeign, isTechnical, isTechnicalWord, naturalFiles } from './topic-context.ts';
import type { WordNet } from './wordnet.ts';

/** A word of the topic with the meaning that fits it best. */
export interface TopicWord {
  /** As the dictionary writes it: "octopus" for "octopuses". */
  readonly lemma: string;
  /** As the topic writes it. */
  readonly written: string;
  readonly synset: Synset;
  /** Other meanings, likeliest first. */
  readonly others: readonly Synset[];
}

/** What people mostly mean by a word that a video is about: things, more than their names in law or the kitchen. */
const likelier: ReadonlyMap<number, number> = new Map([
  [5, 1.5],
  [20, 0.4],
  [17, 1],
  [6, 0.8],
  [8, 0.7],
  [15, 0.5],
  [19, 0.6],
]);

/** Fields whose meanings are meant outside them, too. */
const SCIENCE =
  /^(?:biology|physics|chemistry|astronomy|geology|mathematics|anatomy|medicine|music|sports?)$/;

/** Words too common to be what a topic is about, where it has others. */
const COMMON_FROM = 250;
const LONGEST_PHRASE = 5;

/** The nouns (else verbs, adjectives, adverbs) that the dictionary knows among the words of a topic. */
export function topicWords(topic: string, reader: Reader, wordNet: WordNet): readonly TopicWord[] {
  const bare = topic.replace(/^(?:the|an?)\s+/i, '').replace(/[?!.,;:]+$/, '');
  const words = wordsOf(bare);
  const context = new Set(words.flatMap((word) => [word.toLowerCase(), termOf(word)]));
  words.forEach((word, index) => {
    const isAlone = words.length === 1 || (index > 0 && /^\p{Ll}/u.test(words[index === 1 ? 0 : 1] ?? ''));
    if (/^\p{Lu}/u.test(word) && isAlone) context.add(sureCapital(word));
  });
  if (words.some(isTechnicalWord)) for (const near of ['computer', 'computing']) context.add(near);
  const whole = senseOf(bare, 'noun', context, wordNet);
  if (whole !== undefined && words.length <= LONGEST_PHRASE) return [whole];
  if (isForeign(words)) return [];
  const tags = new Map(reader.tokens(topic).map((token) => [token.text, token.tag]));
  // "how does photosynthesis work": what it does is no thing.
  const asksWhatItDoes = /^(?:how|why|when|where|what) (?:do|does|did|can|could|will|would|should) /i.test(
    bare,
  );
  const last = words.at(-1) ?? '';
  // "are bats blind": nor is what they are like.
  const asksWhatItIs = /^(?:is|are|was|were) /i.test(bare);
  const isDescribed = words.length > 2 && !/^(?:an?|the|any|our|my)$/i.test(words.at(-2) ?? '');
  if (asksWhatItIs && isDescribed && wordNet.senses(last, 'adjective').length > 0) {
    for (const word of words) tags.delete(word);
    tags.set(last, 'ADJ');
  }
  if (asksWhatItDoes && words.length > 3 && wordNet.senses(last, 'verb').length > 0) tags.set(last, 'VERB');
  const nouns = scan(words, wordNet, context, (word) => /^(?:NOUN|PROPN)$/.test(tags.get(word) ?? 'NOUN'));
  const found = nouns.length > 0 ? nouns : scan(words, wordNet, context, () => true);
  if (found.length > 0) return orderByWeight(found, wordNet);
  const classes: readonly WordClass[] = ['verb', 'adjective', 'adverb'];
  return words
    .filter((word) => !isStopWord(word) || words.length === 1)
    .flatMap((word) => {
      const first = classes
        .map((wordClass) => senseOf(word, wordClass, context, wordNet))
        .find((sense) => sense !== undefined);
      return first === undefined ? [] : [first];
    });
}

function scan(
  words: readonly string[],
  wordNet: WordNet,
  context: ReadonlySet<string>,
  mayStand: (word: string) => boolean,
): TopicWord[] {
  const found: TopicWord[] = [];
  for (let start = 0; start < words.length && found.length < 6; start += 1) {
    for (let length = Math.min(LONGEST_PHRASE, words.length - start); length >= 1; length -= 1) {
      const phrase = words.slice(start, start + length).join(' ');
      const first = words[start] ?? '';
      if (
        length === 1 &&
        (isStopWord(phrase) || phrase.length < 2 || /^\d+$/.test(phrase) || !mayStand(phrase))
      )
        continue;
      if (length > 1 && (isStopWord(first) || isStopWord(words[start + length - 1] ?? ''))) continue;
      const sense = senseOf(phrase, 'noun', context, wordNet);
      if (sense === undefined) continue;
      if (!found.some((other) => other.synset.id === sense.synset.id)) found.push(sense);
      start += length - 1;
      break;
    }
  }
  return found;
}

function orderByWeight(words: readonly TopicWord[], wordNet: WordNet): readonly TopicWord[] {
  const common = (word: TopicWord): boolean => wordNet.frequency(word.lemma) > COMMON_FROM;
  return [...words.filter((word) => !common(word)), ...words.filter(common)];
}

function senseOf(
  phrase: string,
  wordClass: WordClass,
  context: ReadonlySet<string>,
  wordNet: WordNet,
): TopicWord | undefined {
  const all = wordNet
    .senses(phrase, wordClass)
    .filter(
      (sense) =>
        !isInsult(sense.synset) &&
        sense.synset.definition !== '' &&
        !(isTechnical(phrase, context) && naturalFiles.has(sense.synset.topicFile)),
    );
  const fit = all
    .filter((sense) => fitsCapitals(phrase, sense.synset) || all.length === 1)
    .map((sense, rank) => ({ sense, score: score(sense, rank, phrase, context, wordNet) }))
    .sort((left, right) => right.score - left.score)
    .map(({ sense }) => sense.synset);
  const decent = [...fit.filter((synset) => !isDelicate(synset)), ...fit.filter(isDelicate)];
  const [synset, ...others] = decent;
  if (synset === undefined) return undefined;
  return {
    lemma: fullName(lemmaFor(phrase, synset), synset),
    written: phrase,
    synset,
    others: others.filter((other) => !isDelicate(other)),
  };
}

/** Stands in the context for a word whose capital is not merely the topic's first letter. */
function sureCapital(word: string): string {
  return `^${word}`;
}

/** "turkey" is not the country, "Turkey" may be. */
function fitsCapitals(phrase: string, synset: Synset): boolean {
  const lemma = lemmaFor(phrase, synset);
  // "La" is not LA, "it" is not IT; "nasa" is NASA.
  if (/^\p{Lu}{2}$/u.test(lemma) && phrase !== lemma) return false;
  return (
    !/^\p{Lu}/u.test(lemma) || /\p{Lu}/u.test(phrase) || synset.lemmas.every((name) => /^\p{Lu}/u.test(name))
  );
}

function score(
  sense: Sense,
  rank: number,
  phrase: string,
  context: ReadonlySet<string>,
  wordNet: WordNet,
): number {
  const { synset, tagCount } = sense;
  const around = [synset, ...wordNet.broader(synset).slice(0, 3)]
    .flatMap((near) => wordsOf(`${near.definition} ${near.lemmas.join(' ')}`.toLowerCase()))
    .filter((word) => context.has(word) && !isStopWord(word) && !phrase.toLowerCase().includes(word));
  const isOwn = (word: string): boolean => !phrase.toLowerCase().includes(word);
  const named = (synsets: readonly Synset[]): number =>
    synsets.some((near) =>
      near.lemmas.some((lemma) =>
        wordsOf(lemma.toLowerCase()).some((word) => context.has(word) && isOwn(word)),
      ),
    )
      ? 1
      : 0;
  const field = /^\(([a-z ]+)\)/.exec(synset.definition)?.[1];
  const isOfContext = field !== undefined && wordsOf(field).some((word) => context.has(word));
  const isCapital = /^\p{Lu}/u.test(lemmaFor(phrase, synset));
  return (
    Math.log2(1 + tagCount) +
    new Set(around).size * 2 +
    // "Mercury the planet": the topic names what the meaning is; "bats in baseball": or a kind of it.
    named(wordNet.broader(synset).slice(0, 3)) * 3 +
    named(wordNet.related(synset, 'hyponym')) * 3 +
    named(wordNet.related(synset, 'topic')) * 2 +
    (likelier.get(synset.topicFile) ?? 0) +
    0.2 * Math.log2(1 + synset.pointers.length) +
    // "Turkey" alone, or "life in Turkey", is the country; "Turkey soup" may be either.
    (isCapital && synset.lemmas.includes(phrase) ? (context.has(sureCapital(phrase)) ? 2 : 0.5) : 0) -
    0.25 * rank -
    // A surname shared with a common word is seldom meant.
    (isCapital && synset.topicFile === 18 ? 1.5 : 0) -
    // A meaning of one field, "(American football) …", is seldom meant outside it.
    (field !== undefined && !isOfContext && !SCIENCE.test(field) ? 1.5 : 0) +
    // The word that stands first in a synset is its own best name.
    (lemmaFor(phrase, synset) === synset.lemmas[0] ? 1.2 : 0)
  );
}

/** "NY" → "New York", as a place is called in speech. */
function fullName(lemma: string, synset: Synset): string {
  return synset.topicFile === 15 && /^(?:\p{Lu}\.?){2,3}$/u.test(lemma) ? (synset.lemmas[0] ?? lemma) : lemma;
}

/** The synset's own spelling of a word: capitals, hyphens, no plural. */
export function lemmaFor(phrase: string, synset: Synset): string {
  const key = phrase.toLowerCase();
  if (synset.lemmas.includes(phrase)) return phrase;
  const same = synset.lemmas.find((lemma) => lemma.toLowerCase() === key);
  if (same !== undefined) return same;
  const start = key.slice(0, Math.max(2, Math.ceil(key.length * 0.6)));
  return synset.lemmas.find((lemma) => lemma.toLowerCase().startsWith(start)) ?? synset.lemmas[0] ?? phrase;
}
