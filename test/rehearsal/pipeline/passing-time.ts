import type { Pool } from '#shared/database';

/**
 * Lets time pass for the ledger. Hosts whose process lives, and the elected scheduler if it does, have renewed their leases
 * meanwhile; the others have been silent for that long.
 */
export async function timePasses(
  pool: Pool,
  { seconds, living }: { seconds: number; living: readonly number[] },
): Promise<void> {
  await pool.query(
    `update ledger.host set renewed_at = renewed_at + $1 * interval '1 second' where dead_at is null and pid = any ($2)`,
    [seconds, living],
  );
  // The elected scheduler renews every 2 s.
  await pool.query(
    `update ledger.scheduler set renewed_at = renewed_at + $1 * interval '1 second'
     where renewed_at > ledger.ledger_now() - interval '5 seconds'`,
    [seconds],
  );
  await pool.query(
    `select setval('ledger.clock_shift', coalesce(pg_sequence_last_value('ledger.clock_shift'), 0) + 1000 * $1::bigint)`,
    [seconds],
  );
}
