/** Exponential backoff with full jitter (AWS Architecture Blog, 2015): base · 2ⁿ up to a bound, times a random share of at least a half. */
export function backoffMs(options: {
  /** Failures so far. */
  attempts: number;
  random: number;
  baseMs?: number;
  maxMs?: number;
  /** What the failing side asked for. */
  atLeastMs?: number | undefined;
}): number {
  const { attempts, random, baseMs = 1_000, maxMs = 300_000, atLeastMs = 0 } = options;
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempts, 30));
  return Math.max(atLeastMs, Math.round(ceiling * (0.5 + random / 2)));
}
