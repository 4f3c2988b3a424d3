/** One thing that was measured. */
export interface Measurement {
  /** What, in a few words: `npm start to ready, warm`. */
  readonly what: string;
  /** With its unit: `2.1 s`, `1.9 ×`. */
  readonly value: string;
  /** What must be reached: `≤ 4 s`; empty when it is only of interest. */
  readonly goal: string;
  readonly isMet: boolean;
}

export interface Circumstances {
  /** An empty folder of its own, removed afterwards. */
  readonly scratch: string;
  /** At the size of the goals, however long it takes. */
  readonly full?: boolean;
}

/** A file in `bench/` default-exports one. */
export interface Benchmark {
  readonly name: string;
  run(circumstances: Circumstances): Promise<readonly Measurement[]>;
}

/** A figure beside its goal; one without a goal is only of interest. */
export function measured(figure: {
  what: string;
  value: number;
  /** `s`, `ms`, `×`, `/s`; none for a count. */
  unit?: string;
  /** Decimals that are shown. */
  digits?: number;
  goal?: { readonly atLeast: number } | { readonly atMost: number };
}): Measurement {
  const { what, value, unit, digits = 0, goal } = figure;
  const show = (amount: number, decimals: number): string => {
    const count = amount.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: 3 });
    if (unit === undefined) return count;
    return unit.startsWith('/') ? `${count}${unit}` : `${count} ${unit}`;
  };
  const rounded = Number(value.toFixed(digits));
  if (goal === undefined) return { what, value: show(rounded, digits), goal: '', isMet: true };
  const limit = 'atLeast' in goal ? goal.atLeast : goal.atMost;
  return {
    what,
    value: show(rounded, digits),
    goal: `${'atLeast' in goal ? '≥' : '≤'} ${show(limit, 0)}`,
    isMet: 'atLeast' in goal ? value >= limit : value <= limit,
  };
}

/** Something that could not be measured here, and why: it fails nothing, and nobody takes it for a figure. */
export function skipped(what: string, why: string): Measurement {
  return { what, value: `not measured: ${why}`, goal: '', isMet: true };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Seconds since a `performance.now()`. */
export function secondsSince(started: number): number {
  return (performance.now() - started) / 1_000;
}
