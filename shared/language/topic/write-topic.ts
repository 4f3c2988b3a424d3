import type { Script } from '#shared/events';
import { cleanLine, countWords, loadReader, shorten, wordsOf } from '#shared/text';
import { openWordNet, type TopicWord, topicWords, wordNetSource } from '#shared/wordnet';
import { type Pace, shortenedNotice } from '../pace.ts';
import { type Passage, scenesFrom } from '../scenes.ts';
import { defineNoun, isOfThePast } from './define.ts';
import type { Fact, Telling } from './fact.ts';
import { factsOf } from './facts.ts';
import { type Asked, closeOf, hookOf, spokenTopic } from './frame.ts';
import { sentenceCase } from './naming.ts';

/** Shorter videos have no room for an opening and a close of their own. */
const FRAMED_FROM = 20;
const MOST_WORDS = 4;
/** More than the front door takes. */
const MOST_CHARACTERS = 400;

/**
 * Writes about a topic what WordNet says of its words: what they mean, what they belong to, their parts and
 * kinds. A topic with no word that the dictionary knows gets a script that says so.
 */
export async function writeTopic(request: {
  readonly topic: string;
  readonly subject: string;
  readonly title?: string | undefined;
  readonly seconds: number;
  readonly pace: Pace;
  readonly language: string;
  readonly signal: AbortSignal;
}): Promise<Script> {
  const { pace } = request;
  const topic = shorten(cleanLine(request.topic.slice(0, MOST_CHARACTERS * 4)), MOST_CHARACTERS);
  const wordNet = openWordNet();
  const reader = await loadReader();
  request.signal.throwIfAborted();
  const words = topicWords(topic, reader, wordNet).slice(0, MOST_WORDS);
  const telling: Telling = { wordNet, told: new Set() };
  const facts = words.flatMap((word, index) =>
    factsOf(word, telling, { rank: index * 1.3, isOnly: words.length === 1 }),
  );
  const known = words.filter((word) => facts.some((fact) => fact.pictures.includes(word.lemma)));
  const passages =
    facts.length === 0
      ? unknownPassages(topic, request.subject)
      : knownPassages({ ...request, topic, known, facts });
  const pictured = known[0]?.lemma ?? request.subject;
  const scenes = scenesFrom({ passages, seconds: request.seconds, pace, subject: pictured });
  const planned = pace.secondsFor(scenes.reduce((sum, scene) => sum + countWords(scene.narration), 0));
  const shortened =
    facts.length === 0
      ? 'The open dictionary WordNet has no entry for this topic; the video only says so. Give a text of your own to narrate.'
      : shortenedNotice({ planned, asked: request.seconds, source: 'The open dictionary WordNet' });
  return {
    title: titleOf(request.title ?? ownSpelling(topic, known[0]), request.subject),
    language: request.language,
    scenes,
    sources: [wordNetSource],
    requestedSeconds: request.seconds,
    plannedSeconds: planned,
    ...(shortened === undefined ? {} : { shortened }),
  };
}

/** "irving berlin" → "Irving Berlin", as the dictionary writes it. */
function ownSpelling(topic: string, word: TopicWord | undefined): string {
  const isIt = word !== undefined && word.lemma.toLowerCase() === topic.toLowerCase();
  return isIt && !/\p{Lu}/u.test(topic) ? word.lemma : topic;
}

function titleOf(wished: string, subject: string): string {
  const line = cleanLine(wished);
  const title = wordsOf(line).length > 0 ? line : cleanLine(subject);
  return shorten(sentenceCase(title === '' ? 'A topic without words' : title), 100);
}

function knownPassages(request: {
  readonly topic: string;
  readonly known: readonly TopicWord[];
  readonly facts: readonly Fact[];
  readonly seconds: number;
  readonly pace: Pace;
}): readonly Passage[] {
  const { topic, known, facts, seconds, pace } = request;
  const first = known[0];
  const lemma = first?.lemma ?? topic;
  const isFramed = seconds >= FRAMED_FROM;
  const saysMore = known.length > 1 || !isSame(topic, first?.written ?? lemma);
  const names = known.map((word) => askedFor(word).definition.name);
  const close = closeOf({ topic, names: names.slice(0, 3), saysMore });
  const room = pace.wordsIn(seconds) - (isFramed ? countWords(close) + 16 : 0);
  const chosen = choose(facts, room);
  const abouts = new Set(chosen.map((fact) => fact.about));
  const isNoun = first?.synset.wordClass === 'noun';
  const asked = known.filter((word) => word.synset.wordClass === 'noun').map(askedFor);
  const hook =
    isNoun && asked.length > 0
      ? hookOf({ topic, asked, saysMore, abouts })
      : `What does the word “${lemma}” mean? Let us look it up.`;
  const passages: { heading: string; isLoose: true; sentences: Passage['sentences'][number][] }[] = [];
  for (const { text, heading, pictures } of chosen) {
    const last = passages.at(-1);
    if (last?.heading === heading) last.sentences.push({ text, pictures });
    else passages.push({ heading, isLoose: true, sentences: [{ text, pictures }] });
  }
  if (!isFramed) return passages;
  const pictures = known.map((word) => word.lemma);
  return [
    {
      heading: saysMore
        ? shorten(sentenceCase(spokenTopic(topic) ?? lemma), 100)
        : (passages[0]?.heading ?? lemma),
      stands: true,
      sentences: [{ text: hook, pictures }],
    },
    ...passages,
    {
      heading: 'Where this comes from',
      stands: true,
      sentences: [{ text: close, pictures: ['dictionary', 'book', lemma] }],
    },
  ];
}

function isSame(topic: string, written: string): boolean {
  const bare = (text: string): string =>
    wordsOf(text.replace(/^(?:(?:what|who) (?:is|are|was|were) )?(?:(?:the|an?) )?/i, ''))
      .join(' ')
      .toLowerCase();
  return bare(topic) === bare(written);
}

function askedFor(word: TopicWord): Asked {
  return {
    definition: defineNoun(word.synset, openWordNet(), word.lemma),
    isPerson: word.synset.topicFile === 18,
    isPast: isOfThePast(word.synset, openWordNet()),
  };
}

/** The facts of lowest rank that fit, in their own order; the first always. */
function choose(facts: readonly Fact[], room: number): readonly Fact[] {
  const order = facts
    .map((fact, index) => ({ fact, index }))
    .sort((left, right) => left.fact.rank - right.fact.rank);
  const taken = new Set<number>();
  let words = 0;
  for (const { fact, index } of order) {
    const length = countWords(fact.text);
    if (taken.size > 0 && words + length > room) continue;
    taken.add(index);
    words += length;
  }
  return facts.filter((_, index) => taken.has(index));
}

/** Nothing is known: the video says what was asked and that the source has nothing on it. */
function unknownPassages(topic: string, subject: string): readonly Passage[] {
  const spoken = spokenTopic(topic);
  const pictures = ['dictionary', 'book', 'magnifying glass'];
  const opening =
    spoken === undefined
      ? 'This topic has no words that can be read aloud.'
      : `The topic of this video is “${spoken}”. What does an open dictionary say?`;
  const told =
    spoken === undefined
      ? 'Without words there is nothing to look up, so there is nothing to tell yet.'
      : 'WordNet has no entry for it, so there is nothing reliable to tell yet.';
  return [
    {
      heading: shorten(sentenceCase(spoken ?? (cleanLine(subject) || 'The topic')), 100),
      stands: true,
      sentences: [{ text: opening, pictures }],
    },
    { heading: 'What is known', stands: true, sentences: [{ text: told, pictures: ['book', 'dictionary'] }] },
    {
      heading: 'What can be done',
      stands: true,
      sentences: [
        {
          text: 'Give a text of your own, and the next video narrates that instead.',
          pictures: ['pencil', 'paper'],
        },
      ],
    },
  ];
}
