/**
 * A transaction that took a seq commits within this time, or what it made due is found by the scheduler. Only where
 * something else keeps its transaction open is time the measure.
 */
const WINDOW_MS = 2_000;

/** What a claim's statement saw: transactions before `xmin` had ended, those from `xmax` on had not begun. */
export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
}

/**
 * Where the claims of a host begin: a seq below which nothing can become due any more.
 *
 * A claim takes the smallest seqs that it sees. What it does not see with a smaller one is made by a transaction that
 * was under way (each has its transaction id before it takes a seq), so once all that were under way have ended, the
 * next claim may begin there. Long before anything commits that was not seen, the bound stays where it was.
 */
export class ClaimBound {
  #settled = 0n;
  #xmin = 0n;
  /** Claims whose transactions of the time may still be under way, oldest first, ascending in seq. */
  readonly #marks: { readonly at: number; readonly seq: bigint; readonly xmax: bigint }[] = [];
  /** The last seq given out when a claim last found nothing. */
  #horizon: bigint | undefined;

  /** @param now milliseconds that only grow */
  at(now: number): bigint {
    for (let [first] = this.#marks; first !== undefined; [first] = this.#marks) {
      if (first.xmax > this.#xmin && now - first.at < WINDOW_MS) break;
      this.#settled = first.seq;
      this.#marks.shift();
    }
    return this.#settled;
  }

  claimed(smallest: bigint, snapshot: Snapshot, now: number): void {
    this.#horizon = undefined;
    // A seq is given once: what was claimed comes back under another.
    this.#note(smallest + 1n, snapshot, now);
  }

  /** Nothing was left to claim. `horizon` is read after the snapshot is taken: it is good for the next time. */
  foundNothing(horizon: bigint, snapshot: Snapshot, now: number): void {
    if (this.#horizon !== undefined) this.#note(this.#horizon, snapshot, now);
    this.#horizon = horizon;
  }

  #note(seq: bigint, { xmin, xmax }: Snapshot, now: number): void {
    if (xmin > this.#xmin) this.#xmin = xmin;
    while ((this.#marks.at(-1)?.seq ?? -1n) >= seq) this.#marks.pop();
    if (seq > this.#settled) this.#marks.push({ at: now, seq, xmax });
  }
}
