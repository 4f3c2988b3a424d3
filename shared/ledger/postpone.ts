import type { Pool } from 'pg';
import type { Failure } from '#shared/errors';
import { reach } from '#shared/faults';
import { jsonText } from './json-text.ts';
import type { Claim } from './model.ts';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const POSTPONE = statement('postpone');

export interface PostponeRequest {
  readonly claim: Claim;
  /** What it waits for. */
  readonly failure: Failure;
  readonly delayMs: number;
}

export type PostponeOutcome = 'later' | 'refused';

/** Puts a delivery off without counting an attempt: a provider's limit was reached. Fenced like a failure. */
export async function postpone(
  pool: Pool,
  { claim, failure, delayMs }: PostponeRequest,
): Promise<PostponeOutcome> {
  const { count } = await run(pool, POSTPONE, [
    claim.id,
    claim.fence,
    claim.host,
    jsonText(failure),
    Math.ceil(delayMs),
  ]);
  await reach('postpone.recorded');
  return count === 1 ? 'later' : 'refused';
}
