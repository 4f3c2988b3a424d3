import { type Article, isStopWord, loadReader, rankSentences, termOf, wordsOf } from '#shared/text';
import { openWordNet, type WordNet } from '#shared/wordnet';
import type { Ranking } from './ranking.ts';

/** Names are looked for in the text's beginning: the parser of names is slow. */
const NAMES_WITHIN = 12_000;

interface Found {
  term: string;
  count: number;
  /** Sum of the weights of the sentences it stands in. */
  weight: number;
  words: number;
}

/** Ranks the noun phrases of a text: how often, in how weighty sentences (TextRank), and how rare elsewhere. */
export async function rankArticle(article: Article, ranking: Ranking): Promise<void> {
  const reader = await loadReader();
  const paragraphs = article.sections.flatMap((section) => section.paragraphs);
  const sentences = paragraphs.flatMap((paragraph) => reader.sentences(paragraph));
  const ranks = rankSentences(sentences);
  const found = new Map<string, Found>();
  sentences.forEach((sentence, index) => {
    for (const phrase of phrasesOf(reader.tokens(sentence))) {
      const key = phrase.map((word) => termOf(word)).join(' ');
      const known = found.get(key) ?? { term: phrase.join(' '), count: 0, weight: 0, words: phrase.length };
      known.count += 1;
      known.weight += (ranks[index] ?? 0) * sentences.length;
      found.set(key, known);
    }
  });
  const wordNet = openWordNet();
  const headings = new Set(
    wordsOf([article.title ?? '', ...article.sections.map((section) => section.heading ?? '')].join(' ')).map(
      termOf,
    ),
  );
  const opening = new Set(wordsOf(sentences[0] ?? '').map(termOf));
  for (const [key, { term, count, weight, words }] of found) {
    // A run of nouns that is met once and in no dictionary is often no phrase at all.
    if (words > 1 && count === 1 && wordNet.senses(term, 'noun').length === 0) continue;
    const rarity = 1 / Math.log2(4 + wordNet.frequency(term));
    const isNamed = key.split(' ').some((word) => headings.has(word));
    const fit = words === 1 ? fitness(term, wordNet) : 1;
    if (fit === 0) continue;
    const isFirst = opening.has(key);
    const score = weight * rarity * (1 + 0.4 * (words - 1)) * (isNamed ? 1.6 : 1) * (isFirst ? 1.5 : 1) * fit;
    const times = count === 1 ? 'once' : `${count} times`;
    ranking.add(
      /\p{Lu}/u.test(term.slice(1)) ? term : term.toLowerCase(),
      score,
      isNamed ? `In the text ${times}, and in a heading.` : `In the text ${times}, in sentences of weight.`,
    );
  }
  await rankNames(paragraphs.join(' ').slice(0, NAMES_WITHIN), ranking);
}

/** 0 for what is rather a verb ("sinks"), little for lengths of time and units: nobody searches for them. */
function fitness(word: string, wordNet: WordNet): number {
  const met = (wordClass: 'noun' | 'verb' | 'adjective'): number =>
    wordNet.senses(word, wordClass).reduce((sum, sense) => sum + 0.5 + sense.tagCount, 0);
  const noun = met('noun');
  if (noun > 0 && (met('verb') > noun * 1.5 || met('adjective') > noun * 1.5)) return 0;
  const first = wordNet.senses(word, 'noun')[0]?.synset;
  // lexnames(5WN): quantities and units, and times.
  return first !== undefined && [23, 28].includes(first.topicFile) ? 0.3 : 1;
}

async function rankNames(text: string, ranking: Ranking): Promise<void> {
  const { default: nlp } = await import('compromise');
  const read = nlp(text);
  const strongest = ranking.strongest(1).length;
  if (strongest === 0) return;
  const names: string[] = [...read.people().out('array'), ...read.places().out('array')];
  for (const name of names.slice(0, 20)) {
    const bare = wordsOf(name).join(' ');
    if (/^\p{Lu}/u.test(bare) && bare.length <= 60)
      ranking.add(bare, 0.5, 'A person or place that the text names.');
  }
}

interface Tagged {
  readonly text: string;
  readonly tag: string;
}

/** Runs of adjectives and nouns that end in a noun, three words at most, and the nouns alone. */
function phrasesOf(tokens: readonly Tagged[]): readonly (readonly string[])[] {
  const phrases: string[][] = [];
  let run: Tagged[] = [];
  const close = (): void => {
    while (run.length > 0 && run.at(-1)?.tag === 'ADJ') run.pop();
    const words = run.slice(-3).map((token) => token.text);
    if (words.length > 1) phrases.push(words);
    for (const token of run) if (token.tag !== 'ADJ') phrases.push([token.text]);
    run = [];
  };
  for (const token of tokens) {
    const fits =
      /^(?:ADJ|NOUN|PROPN)$/.test(token.tag) &&
      /^\p{L}[\p{L}'’-]+$/u.test(token.text) &&
      !isStopWord(token.text);
    if (fits) run.push(token);
    else close();
  }
  close();
  return phrases;
}
