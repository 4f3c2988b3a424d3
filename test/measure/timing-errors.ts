import type { HeardWord } from './align-words.ts';

/** How far marks are from what was measured, in seconds; `median` keeps its sign (positive: the mark comes too late). */
export interface TimingErrors {
  readonly median: number;
  readonly medianAbsolute: number;
  /** Nine of ten words are nearer than this. */
  readonly p90Absolute: number;
}

/** Compares marked word onsets with measured ones, word by word. @throws Error if they are not the same words */
export function timingErrors(
  marked: readonly { readonly start: number }[],
  heard: readonly HeardWord[],
): TimingErrors {
  if (marked.length !== heard.length || heard.length === 0) {
    throw new Error(`${marked.length} marks cannot be compared with ${heard.length} words`);
  }
  const errors = marked.map((mark, index) => mark.start - (heard[index]?.start ?? 0));
  const sorted = errors.toSorted((a, b) => a - b);
  const absolute = errors.map(Math.abs).sort((a, b) => a - b);
  const at = (values: readonly number[], quantile: number) =>
    values[Math.floor((values.length - 1) * quantile)] ?? 0;
  return { median: at(sorted, 0.5), medianAbsolute: at(absolute, 0.5), p90Absolute: at(absolute, 0.9) };
}
