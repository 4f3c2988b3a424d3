import { closest, distance } from 'fastest-levenshtein';

/** Longer words are no slip of the hand, and comparing them would cost their length squared. */
const LONGEST_WORD = 100;

/** The valid word that a wrong one was most likely meant to be, whatever its capitals; undefined when none is near. */
export function nearestWord(word: string, valid: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD || valid.length === 0) return undefined;
  const given = word.toLowerCase();
  const byLower = new Map(valid.map((candidate) => [candidate.toLowerCase(), candidate]));
  const nearest = closest(given, [...byLower.keys()]);
  // Two letters that changed places are two edits; in a word of three that would be another word.
  const allowed = given.length < 4 ? 1 : Math.max(2, Math.floor(given.length / 3));
  return distance(given, nearest) <= allowed ? byLower.get(nearest) : undefined;
}
