import { endsSentence } from '#shared/captions';
import { withoutUnsettable } from '#shared/lettering';
import type { SpokenWord } from '#shared/speech';

/** Words shown together. */
export interface Phrase {
  readonly words: readonly SpokenWord[];
  /** Seconds; phrases do not overlap. */
  readonly start: number;
  readonly end: number;
}

/** Width of a text in the style's font and size, in pixels. */
export type Measure = (text: string) => number;

/** A phrase never has more words than this, however narrow they are. */
const MOST_WORDS = 12;
/** Words that lean on the next one: neither a phrase nor a line should end with them. */
const LEANING = new Set(
  'a an the of to in on at by for from with and or but nor as if is are was were be its his her their our your my this that these those which who than into not no'.split(
    ' ',
  ),
);
const PAUSE_SECONDS = 0.6;
/** How long a phrase stays when nothing follows. */
const LINGER_SECONDS = 0.35;

/**
 * Groups words into phrases that fit in `capacity` pixels of text, by the least total cost over all ways to
 * divide them: ends of sentences, pauses and commas are good places to break, a leaning word is a bad one.
 */
export function groupPhrases(request: {
  words: readonly SpokenWord[];
  measure: Measure;
  capacity: number;
}): Phrase[] {
  const words = request.words.map(readable).filter((word) => word.text !== '');
  const space = request.measure(' ');
  const widths = words.map((word) => request.measure(word.text));
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    let choice = { cost: Infinity, from: end - 1 };
    let width = -space;
    let inner = 0;
    for (let from = end - 1; from >= 0 && end - from <= MOST_WORDS; from--) {
      width += (widths[from] ?? 0) + space;
      if (end - from > 1 && width > request.capacity) break;
      if (end - from > 1) inner += breakInside(words[from], words[from + 1]);
      const slack = (0.75 * request.capacity - width) / request.capacity;
      const cost =
        (best[from]?.cost ?? 0) + 1 + 1.5 * slack * slack + inner + breakAfter(words[end - 1], words[end]);
      if (cost < choice.cost) choice = { cost, from };
    }
    best[end] = choice;
  }
  const groups: SpokenWord[][] = [];
  for (let end = words.length; end > 0; end = best[end]?.from ?? 0) {
    groups.unshift(words.slice(best[end]?.from ?? 0, end));
  }
  return groups.map((group, index) => timed(group, groups[index + 1]?.[0]?.start));
}

/** How bad it is to break after a word. */
export function breakAfter(word: SpokenWord | undefined, next: SpokenWord | undefined): number {
  if (!word || !next || endsSentence(word.text) || next.start - word.end > PAUSE_SECONDS) return 0;
  if (/[,;:–—)]["'”’]?$/.test(word.text)) return 0.25;
  return LEANING.has(word.text.toLowerCase()) ? 1.8 : 0.8;
}

/** How bad it is not to break between two words. */
function breakInside(word: SpokenWord | undefined, next: SpokenWord | undefined): number {
  if (!word || !next) return 0;
  return (endsSentence(word.text) ? 2.5 : 0) + (next.start - word.end > PAUSE_SECONDS ? 2 : 0);
}

/** A phrase stays until the next one begins, unless a pause lies between. */
function timed(words: readonly SpokenWord[], next: number | undefined): Phrase {
  const start = words[0]?.start ?? 0;
  const spoken = words.at(-1)?.end ?? start;
  const lingering = spoken + LINGER_SECONDS;
  const end = next === undefined ? lingering : next - lingering < 0.4 ? next : lingering;
  return { words, start, end: Math.max(end, start) };
}

/** Control characters, bidirectional overrides and letters that no typeface here has, have no place in a caption. */
function readable(word: SpokenWord): SpokenWord {
  return {
    ...word,
    text: withoutUnsettable(word.text.slice(0, 200))
      .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, '')
      .trim(),
  };
}
