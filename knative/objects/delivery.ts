import { isoSeconds } from '../kubernetes/quantity.ts';

/** The scheduler takes what could not be delivered, and counts it; the ledger wakes again by itself. */
const DEAD_LETTERS = '/dead-letters';

/** Three retries, a second apart, two, four; then a dead letter. */
export function delivery(timeoutMs?: number): object {
  return {
    retry: 3,
    backoffPolicy: 'exponential',
    backoffDelay: isoSeconds(1000),
    ...(timeoutMs === undefined ? {} : { timeout: isoSeconds(timeoutMs) }),
    deadLetterSink: {
      ref: { apiVersion: 'v1', kind: 'Service', name: 'scheduler' },
      uri: DEAD_LETTERS,
    },
  };
}
