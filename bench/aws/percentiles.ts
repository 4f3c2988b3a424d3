import type { Measurement } from '../benchmark.ts';

/** Of one series of waits; milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export function percentilesOf(waits: readonly number[]): Percentiles {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Both in one row, of interest only: how long a server sleeps is not ours to promise. */
export function percentilesRow(what: string, { p50, p99 }: Percentiles): Measurement {
  return {
    what: `${what}, p50 / p99`,
    value: `${p50.toFixed(0)} / ${p99.toFixed(0)} ms`,
    goal: '',
    isMet: true,
  };
}
