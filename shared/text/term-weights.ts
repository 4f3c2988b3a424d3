import { wordsOf } from './plain-text.ts';
import { isStopWord } from './stop-words.ts';

/** A word without its commonest endings, so that "river" and "rivers" count as one term. */
export function termOf(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/, '');
  if (lower.length > 4 && lower.endsWith('ies')) return `${lower.slice(0, -3)}y`;
  if (lower.length > 3 && /[^su]s$/.test(lower)) return lower.slice(0, -1);
  return lower;
}

/** The terms of each passage with their TF-IDF weight (Spärck Jones 1972, smoothed), each row of length 1. */
export function termWeights(passages: readonly string[]): readonly ReadonlyMap<string, number>[] {
  const counts = passages.map((passage) => {
    const row = new Map<string, number>();
    for (const word of wordsOf(passage)) {
      if (isStopWord(word) || word.length < 2) continue;
      const term = termOf(word);
      row.set(term, (row.get(term) ?? 0) + 1);
    }
    return row;
  });
  const spread = new Map<string, number>();
  for (const row of counts) for (const term of row.keys()) spread.set(term, (spread.get(term) ?? 0) + 1);
  return counts.map((row) => {
    const weighted = [...row].map(
      ([term, count]) => [term, count * Math.log(1 + passages.length / (spread.get(term) ?? 1))] as const,
    );
    const length = Math.hypot(...weighted.map(([, weight]) => weight)) || 1;
    return new Map(weighted.map(([term, weight]) => [term, weight / length]));
  });
}
