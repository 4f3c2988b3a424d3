import { LONGEST_LINE } from './cue.ts';

/** A line should not end on these: they belong to what follows. */
const LEANING =
  /^(?:an?|the|of|to|in|on|at|by|for|and|or|but|with|from|as|its?|his|her|their|my|our|your|is|are|was|were)$/i;

const length = (text: string) => [...text].length;

/**
 * Sets words in one line, or in two of about equal length that break after punctuation where they can.
 * @returns `undefined` if two lines do not hold them
 */
export function breakLines(words: readonly string[]): readonly string[] | undefined {
  const whole = words.join(' ');
  if (length(whole) <= LONGEST_LINE) return [whole];
  let best: { lines: readonly string[]; cost: number } | undefined;
  for (let cut = 1; cut < words.length; cut++) {
    const lines = [words.slice(0, cut).join(' '), words.slice(cut).join(' ')];
    const [first = 0, second = 0] = lines.map(length);
    if (first > LONGEST_LINE || second > LONGEST_LINE) continue;
    const last = words[cut - 1] ?? '';
    const ease = /[.,;:!?…—–)]["'”’)]*$/.test(last) ? -12 : LEANING.test(last) ? 8 : 0;
    const cost = Math.abs(first - second) + ease;
    if (best === undefined || cost < best.cost) best = { lines, cost };
  }
  return best?.lines;
}
