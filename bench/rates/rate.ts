import { median } from '../benchmark.ts';
import { cpuSecondsOf } from '../platform/process-tree.ts';

/** How fast a chain was done, and what it cost: the second hardly changes on a busy machine. */
export interface Rate {
  readonly perSecond: number;
  /** CPU of everything that took part, the database with it, for each delivery. */
  readonly cpuMs: number;
}

/** CPU seconds that a process and its descendants spend on something. */
export async function spent<Result>(
  pids: readonly number[],
  work: () => Promise<Result>,
): Promise<{ result: Result; cpuSeconds: number }> {
  const sum = async (): Promise<number> =>
    (await Promise.all(pids.map(cpuSecondsOf))).reduce((total, each) => total + each, 0);
  const before = await sum();
  const result = await work();
  return { result, cpuSeconds: (await sum()) - before };
}

export function medianRate(rates: readonly Rate[]): Rate {
  return {
    perSecond: median(rates.map(({ perSecond }) => perSecond)),
    cpuMs: median(rates.map(({ cpuMs }) => cpuMs)),
  };
}
