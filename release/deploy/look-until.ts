import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Between two looks. */
  readonly everyMs: number;
  /** For all of it to be there and ready. */
  readonly limitMs: number;
}

/**
 * Looks until nothing is missing.
 *
 * @param missing says what is, in a few words; empty where all is there
 * @returns what was missing at the last look
 */
export async function lookUntil(options: {
  patience: Patience;
  signal: AbortSignal;
  missing: () => Promise<string>;
}): Promise<string> {
  const { patience, signal, missing } = options;
  const looks = Math.max(1, Math.ceil(patience.limitMs / patience.everyMs));
  let last = '';
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await sleep(patience.everyMs, undefined, { signal });
    last = await missing();
    if (last === '') return '';
  }
  return last;
}
