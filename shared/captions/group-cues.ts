import type { SpokenWord } from '#shared/speech';
import { breakLines } from './break-lines.ts';
import { type Cue, LONGEST_LINE } from './cue.ts';
import { endsSentence } from './ends-sentence.ts';

const SHORTEST = 1;
const LONGEST = 6;
/** A caption stays this long after its last word, if nothing follows. Seconds. */
const LINGERING = 0.5;

const ENDS_CLAUSE = /(?:[,;:]|[—–-])["'”’)\]]*$/;
const OPENS_CLAUSE =
  /^(?:and|but|or|so|because|which|who|that|when|where|while|if|although|until|as|with|for|to|in|on|from)$/i;

/** How badly a cue ends before `next`; 0 is a full stop. */
function breakCost(word: SpokenWord, next: SpokenWord | undefined): number {
  if (next === undefined || endsSentence(word.text)) return 0;
  if (ENDS_CLAUSE.test(word.text) || next.start - word.end > 0.25) return 1;
  return OPENS_CLAUSE.test(next.text) ? 2.5 : 5;
}

/** Words too long for a line come in pieces that share their time. */
function cutLongWords(words: readonly SpokenWord[]): SpokenWord[] {
  return words.flatMap((word) => {
    const pieces = word.text
      .split(/\s+/)
      .flatMap((part) => {
        const characters = [...part];
        return characters.length <= LONGEST_LINE
          ? [part]
          : Array.from({ length: Math.ceil(characters.length / LONGEST_LINE) }, (_, index) =>
              characters.slice(index * LONGEST_LINE, (index + 1) * LONGEST_LINE).join(''),
            );
      })
      .filter((part) => part !== '');
    const share = (word.end - word.start) / pieces.length;
    return pieces.map((text, index) => ({
      text,
      start: word.start + share * index,
      end: word.start + share * (index + 1),
    }));
  });
}

function cueCost(words: readonly SpokenWord[], next: SpokenWord | undefined): number {
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return Number.POSITIVE_INFINITY;
  const room = Math.min(next?.start ?? last.end + 1, last.end + 1) - first.start;
  let cost = 2 + breakCost(last, next) + Math.max(0, SHORTEST - room) * 12;
  for (const [index, word] of words.slice(0, -1).entries()) {
    // Two sentences in one caption are worse than a short one.
    if (endsSentence(word.text)) cost += 2;
    else if ((words[index + 1]?.start ?? 0) - word.end > 0.6) cost += 2;
  }
  return cost;
}

/** The cheapest division of one passage, found by dynamic programming over its word boundaries. */
function divide(words: readonly SpokenWord[]): readonly (readonly SpokenWord[])[] {
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    let choice = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    for (let from = end - 1; from >= 0; from--) {
      const part = words.slice(from, end);
      const tooLong =
        (part.at(-1)?.end ?? 0) - (part[0]?.start ?? 0) > LONGEST ||
        breakLines(part.map((word) => word.text)) === undefined;
      if (tooLong && from < end - 1) break;
      const cost = (best[from]?.cost ?? 0) + cueCost(part, words[end]);
      if (cost < choice.cost) choice = { cost, from };
    }
    best.push(choice);
  }
  const parts: (readonly SpokenWord[])[] = [];
  for (let end = words.length; end > 0; end = best[end]?.from ?? 0)
    parts.unshift(words.slice(best[end]?.from ?? 0, end));
  return parts;
}

/**
 * Groups timed words into captions of one or two lines, 1 to 6 s, that break where the sentence does.
 * No caption spans two passages (scenes). A passage's words must be in the order of time.
 */
export function groupCues(passages: readonly (readonly SpokenWord[])[]): readonly Cue[] {
  const parts = passages.flatMap((words) => divide(cutLongWords(words)));
  const cues: Cue[] = [];
  for (const [index, part] of parts.entries()) {
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last) continue;
    const startMs = Math.max(Math.round(first.start * 1000), cues.at(-1)?.endMs ?? 0);
    const nextMs = Math.round((parts[index + 1]?.[0]?.start ?? Number.POSITIVE_INFINITY) * 1000);
    const wishedMs = Math.round(Math.max(last.end + LINGERING, first.start + SHORTEST) * 1000);
    const endMs = Math.max(startMs + 1, Math.min(wishedMs, nextMs, startMs + LONGEST * 1000));
    cues.push({ startMs, endMs, lines: breakLines(part.map((word) => word.text)) ?? [] });
  }
  return cues;
}
