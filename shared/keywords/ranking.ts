import { shorten } from '#shared/text';
import type { Keyword } from './port.ts';

/** Collects terms; one that is met again keeps its best weight and the reason for it. */
export class Ranking {
  readonly #terms = new Map<string, { term: string; weight: number; why: string }>();

  add(term: string, weight: number, why: string): void {
    const clean = term.replaceAll(/\s+/g, ' ').trim();
    if (clean.length < 2 || clean.length > 100 || !/\p{L}/u.test(clean) || weight <= 0) return;
    const key = clean.toLowerCase();
    const known = this.#terms.get(key);
    // A name keeps the capitals under which it was met as one.
    if (known !== undefined && /^\p{Lu}/u.test(clean)) known.term = clean;
    if (known !== undefined && known.weight >= weight) return;
    this.#terms.set(key, { term: known?.term ?? clean, weight, why: shorten(why, 300) });
  }

  /** Strongest first; the strongest scores 1. */
  strongest(limit: number): readonly Keyword[] {
    const ranked = [...this.#terms.values()].sort(
      (left, right) => right.weight - left.weight || (left.term < right.term ? -1 : 1),
    );
    const most = ranked[0]?.weight ?? 1;
    return ranked.slice(0, limit).map(({ term, weight, why }) => ({
      term,
      score: Math.round((weight / most) * 1_000) / 1_000,
      why,
    }));
  }
}
