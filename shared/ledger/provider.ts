import type { Pool } from 'pg';
import { Permanent, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const TAKE = statement('take-provider');

/** A provider's limit, or its brake, does not allow this call yet: the delivery waits and no attempt is counted. */
export class Postponed extends Transient {}

export interface ProviderTake {
  readonly provider: string;
  /** Calls, or whatever its limit counts. */
  readonly cost?: number;
}

/** What came of asking for a provider's leave. */
export type ProviderLeave =
  | { readonly granted: true }
  | { readonly granted: false; readonly retryAfterMs: number; readonly because: 'limit' | 'paused' };

/** How long what was claimed before a brake came on waits until it is filed behind it. */
const PAUSED_WAIT_MS = 1_000;

/**
 * Takes a provider's leave for a call: tokens of a bucket that all processes share, by the ledger's clock. One
 * without a limit always grants. Those who are refused are told times that follow one another at the provider's
 * pace, so that they do not all come back at once.
 *
 * @throws Permanent `provider-cost-too-large`
 */
export async function askProvider(pool: Pool, { provider, cost = 1 }: ProviderTake): Promise<ProviderLeave> {
  const { rows } = await run<{
    granted: boolean;
    isPaused: boolean;
    capacity: number | null;
    waitMs: number;
  }>(pool, TAKE, [provider, cost]);
  const [row] = rows;
  if (row === undefined || row.granted) {
    await reach('provider.granted');
    return { granted: true };
  }
  if (row.isPaused) return { granted: false, retryAfterMs: PAUSED_WAIT_MS, because: 'paused' };
  if (row.capacity !== null && cost > row.capacity) {
    throw new Permanent(
      'provider-cost-too-large',
      `One call of "${provider}" costs ${cost} and its limit allows ${row.capacity}; raise the limit in events.yaml.`,
    );
  }
  return { granted: false, retryAfterMs: Math.max(1, Math.ceil(row.waitMs)), because: 'limit' };
}

/** As {@link askProvider}. @throws Postponed `provider-limit-reached`, `provider-paused`; Permanent `provider-cost-too-large` */
export async function takeProvider(pool: Pool, take: ProviderTake): Promise<void> {
  const leave = await askProvider(pool, take);
  if (leave.granted) return;
  const isPaused = leave.because === 'paused';
  throw new Postponed(
    isPaused ? 'provider-paused' : 'provider-limit-reached',
    isPaused
      ? `"${take.provider}" is paused; the work goes on when it is resumed.`
      : `The limit of "${take.provider}" is reached; the work goes on in ${(leave.retryAfterMs / 1_000).toFixed(1)} s.`,
    { retryAfterMs: leave.retryAfterMs, details: { provider: take.provider } },
  );
}
