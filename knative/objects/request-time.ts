import { seconds } from '../kubernetes/quantity.ts';

/** What Knative allows unless its `config-defaults` says otherwise (`max-revision-timeout-seconds`). */
const MAX_SECONDS = 600;
/** A function ends itself at its time limit and tells the ledger; its request lives a little longer. */
const TELLING_SECONDS = 30;

/** How long a request to a function may take: it is answered when the work is done, so that Knative sees its load. */
export function requestSeconds(timeoutMs: number): number {
  return Math.min(seconds(timeoutMs) + TELLING_SECONDS, MAX_SECONDS);
}
