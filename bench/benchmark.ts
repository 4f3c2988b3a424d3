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

/** A file in `bench/` default-exports one. */
export interface Benchmark {
  readonly name: string;
  /** `scratch` is an empty folder of its own, removed afterwards; `full`: at the size of the goals, however long it takes. */
  run(context: { readonly scratch: string; readonly full?: boolean }): Promise<readonly Measurement[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}
