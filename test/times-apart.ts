const SERIES = 4;

/**
 * How many times as long the slower of two takes as the quicker one: at their best of so many rounds, which they take by
 * turns, so that what else the machine does falls on both. Where that is not below `most`, once more from the beginning: a
 * machine that is busy for a while has another try, and what takes longer takes longer each time.
 */
export async function timesApart(options: {
  readonly one: () => Promise<unknown>;
  readonly other: () => Promise<unknown>;
  readonly rounds: number;
  readonly most: number;
}): Promise<number> {
  const { one, other, rounds, most } = options;
  let apart = Number.POSITIVE_INFINITY;
  for (let series = 0; series < SERIES && apart >= most; series += 1) {
    const best = { one: Number.POSITIVE_INFINITY, other: Number.POSITIVE_INFINITY };
    for (let round = 0; round < rounds; round += 1) {
      best.one = Math.min(best.one, await msOf(one));
      best.other = Math.min(best.other, await msOf(other));
    }
    apart = Math.min(apart, Math.max(best.one, best.other) / Math.min(best.one, best.other));
  }
  return apart;
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
