import type { Transaction } from '#shared/ledger';
import { type Reading, rowsOf } from './rows.ts';

/** Whether one of the two blocked the other: then neither is there for the other. Both are ids of accounts. */
export async function blockedBetween(db: Reading, a: string, b: string): Promise<boolean> {
  const found = await rowsOf(db, BLOCKED_BETWEEN, [a, b]);
  return found.length > 0;
}

/**
 * Whatever changes how two stand to each other goes one after the other, in whichever direction: who is blocked while
 * he begins to follow does not follow afterwards.
 */
export async function lockBetween(tx: Transaction, a: string, b: string): Promise<void> {
  await tx.query(LOCK_BETWEEN, [a, b]);
}

export const BLOCKED_BETWEEN = `
  select from people.block
  where (blocker = $1::uuid and blocked = $2::uuid) or (blocker = $2::uuid and blocked = $1::uuid) limit 1`;

const LOCK_BETWEEN = `
  select pg_advisory_xact_lock(hashtextextended(
    concat('between ', least($1::uuid, $2::uuid), ' ', greatest($1::uuid, $2::uuid)), 0))`;
