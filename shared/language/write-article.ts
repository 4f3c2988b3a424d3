import { Permanent } from '#shared/errors';
import type { Script } from '#shared/events';
import {
  type Article,
  cleanLine,
  countWords,
  isStopWord,
  loadReader,
  type Reader,
  readMarkdown,
  shorten,
  termWeights,
  wordsOf,
} from '#shared/text';
import { openWordNet } from '#shared/wordnet';
import { condense, type PlacedSentence } from './condense.ts';
import { type Pace, shortenedNotice } from './pace.ts';
import { picturesIn } from './pictures.ts';
import { type Passage, scenesFrom } from './scenes.ts';
import { sentencesOf } from './sentences.ts';

/** A text is narrated whole up to this many times the wished length. */
const TOLERANCE = 1.08;

/**
 * Turns the author's own text into a script: whole where it fits, else its weightiest sentences in their order.
 * Nothing is said that the text does not say.
 * @throws Permanent `script-empty`
 */
export async function writeArticle(request: {
  readonly text: string;
  readonly subject: string;
  readonly title?: string | undefined;
  readonly keywords: readonly string[];
  readonly seconds: number;
  readonly pace: Pace;
  readonly language: string;
  readonly signal: AbortSignal;
}): Promise<Script> {
  const article = readMarkdown(request.text);
  const reader = await loadReader();
  request.signal.throwIfAborted();
  const all = placeSentences(article, reader);
  if (all.length === 0) {
    throw new Permanent(
      'script-empty',
      'The script holds no sentence to narrate: code, tables, pictures and HTML are left out. Write some prose.',
      { field: 'script' },
    );
  }
  const { pace } = request;
  const budget = pace.wordsIn(request.seconds);
  const words = all.reduce((sum, sentence) => sum + countWords(sentence.text), 0);
  const chosen =
    words <= budget * TOLERANCE ? all : condense({ sentences: all, budget, keywords: request.keywords });
  request.signal.throwIfAborted();
  const scenes = scenesFrom({
    passages: passagesOf(chosen, { reader, article, subject: request.subject }),
    seconds: request.seconds,
    pace,
    subject: request.subject,
  });
  const planned = pace.secondsFor(scenes.reduce((sum, scene) => sum + countWords(scene.narration), 0));
  const shortened = shortenedNotice({ planned, asked: request.seconds, source: 'The text' });
  return {
    title: shorten(
      cleanLine(request.title ?? article.title ?? openingTitle(all[0]?.text, request.subject)),
      100,
    ),
    language: request.language,
    scenes,
    sources: [{ title: 'Text: the maker of this video', licence: 'Own work' }],
    requestedSeconds: request.seconds,
    plannedSeconds: planned,
    ...(shortened === undefined ? {} : { shortened }),
  };
}

/** A text without a title is called by its first sentence, where that is short. */
function openingTitle(first: string | undefined, subject: string): string {
  const bare = first?.replace(/[.,;:]+$/, '') ?? '';
  return bare.length >= 8 && bare.length <= 80 ? bare : sentenceCase(subject);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function placeSentences(article: Article, reader: Reader): readonly PlacedSentence[] {
  const seen = new Set<string>();
  return article.sections.flatMap((section, index) =>
    section.paragraphs
      .flatMap((paragraph) => sentencesOf(paragraph, reader))
      .filter((text) => {
        const isNew = !seen.has(text);
        seen.add(text);
        return isNew;
      })
      .map((text, place) => ({ text, section: index, heading: section.heading, isFirst: place === 0 })),
  );
}

function passagesOf(
  sentences: readonly PlacedSentence[],
  context: { readonly reader: Reader; readonly article: Article; readonly subject: string },
): readonly Passage[] {
  const wordNet = openWordNet();
  const rows = termWeights(sentences.map((sentence) => sentence.text));
  const weights = new Map<string, number>();
  for (const row of rows)
    for (const [term, weight] of row) weights.set(term, Math.max(weights.get(term) ?? 0, weight));
  const passages: { heading: string; section: number; sentences: Passage['sentences'][number][] }[] = [];
  for (const sentence of sentences) {
    const pictures = picturesIn({
      text: sentence.text,
      reader: context.reader,
      wordNet,
      weightOf: (term) => weights.get(term.toLowerCase()) ?? 0,
    });
    const last = passages.at(-1);
    if (last?.section === sentence.section) last.sentences.push({ text: sentence.text, pictures });
    else {
      const heading = sentence.heading ?? openingHeading(sentence.text, passages.length, context);
      passages.push({ heading, section: sentence.section, sentences: [{ text: sentence.text, pictures }] });
    }
  }
  return passages;
}

/** A passage without a heading is named by the title, or by its own first words of weight. */
function openingHeading(
  text: string,
  index: number,
  context: { readonly article: Article; readonly subject: string },
): string {
  if (index === 0) return context.article.title ?? sentenceCase(context.subject);
  const words = wordsOf(text).filter((word) => !isStopWord(word));
  const heading = words.slice(0, 3).join(' ');
  return sentenceCase(heading === '' ? context.subject : heading);
}
