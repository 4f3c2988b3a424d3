import type { Pool } from 'pg';
import type { Failure } from '#shared/errors';
import { reach } from '#shared/faults';
import { jsonText } from './json-text.ts';
import type { Claim } from './model.ts';
import { settleOrLeave } from './settle.ts';
import { statement } from './statement.ts';
import { inTransaction, run, undo } from './transaction.ts';

const LOCK_RUN = statement('lock-run');
const FAIL = statement('fail');

export interface FailRequest {
  readonly claim: Claim;
  readonly failure: Failure;
  /** Wait before the next try, milliseconds. */
  readonly delayMs: number;
}

export type FailOutcome = 'later' | 'dead' | 'refused';

/** Reports a failed attempt; when that was its last, the run may settle. */
export async function fail(
  pool: Pool,
  source: string,
  { claim, failure, delayMs }: FailRequest,
): Promise<{ outcome: FailOutcome; lanes: readonly string[] }> {
  const isPermanent = failure.kind === 'permanent' || failure.kind === 'conflict';
  const outcome = await inTransaction<FailOutcome>(pool, async (tx) => {
    await run(tx, LOCK_RUN, [claim.run]);
    const { rows } = await run<{ state: 'later' | 'dead' }>(tx, FAIL, [
      claim.id,
      claim.fence,
      claim.host,
      jsonText(failure),
      isPermanent,
      Math.round(delayMs),
    ]);
    await reach('fail.recorded');
    return rows[0]?.state ?? undo('refused');
  });
  await reach('fail.done');
  if (outcome !== 'dead') return { outcome, lanes: [] };
  return { outcome, lanes: (await settleOrLeave(pool, source, claim.run)).lanes };
}
