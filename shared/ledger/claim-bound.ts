/** A transaction that takes a seq commits within this time, or is found by the scheduler. */
const WINDOW_MS = 500;
/** After so long nothing that was given a seq before is under way, or the scheduler finds it. */
const SETTLED_MS = 5_000;

/**
 * Where the claims of a host begin: the smallest seq that it claimed in the last 500 ms, or in its last claim. What is
 * committed later with a smaller one is found by the scheduler, who looks from the beginning (passed.ts).
 */
export class ClaimBound {
  /** Ascending in time and in seq: a mark above a later one would bound nothing any more. */
  readonly #marks: { readonly at: number; readonly seq: bigint }[] = [];
  /** The last seq given out when nothing was left to claim. */
  #empty: { readonly at: number; readonly horizon: bigint } | undefined;

  /** @param now milliseconds that only grow */
  at(now: number): bigint {
    while (this.#marks.length > 1 && (this.#marks[0]?.at ?? now) < now - WINDOW_MS) this.#marks.shift();
    return this.#marks[0]?.seq ?? 0n;
  }

  claimed(smallest: bigint, now: number): void {
    while ((this.#marks.at(-1)?.seq ?? -1n) >= smallest) this.#marks.pop();
    this.#marks.push({ at: now, seq: smallest });
  }

  /** Nothing was left to claim: whatever was given out long enough ago is others'. */
  foundNothing(horizon: bigint, now: number): void {
    if (this.#empty === undefined) this.#empty = { at: now, horizon };
    if (now - this.#empty.at < SETTLED_MS) return;
    this.claimed(this.#empty.horizon, now);
    this.#empty = { at: now, horizon };
  }
}
