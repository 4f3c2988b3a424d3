import type { Pool } from 'pg';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const MEND_CLOCK = statement('mend-clock');
/** Smaller steps are those of a clock that is kept right. */
const STEP_MS = 1_000;

/**
 * Sees when ledger time goes back, and mends what would otherwise wait until it has come again. The first look mends
 * too: nobody saw what the clock did before.
 */
export function createClockWatch({ pool }: { pool: Pool }): { look(elapsedMs: number): Promise<void> } {
  let ahead: number | undefined;
  let again = false;
  return {
    /** @param elapsedMs of a clock that only grows, in milliseconds */
    async look(elapsedMs) {
      const { rows } = await pool.query<{ ms: number }>(
        'select extract(epoch from ledger.ledger_now())::double precision * 1000 as ms',
      );
      const offset = (rows[0]?.ms ?? 0) - elapsedMs;
      const wentBack = ahead === undefined || offset < ahead - STEP_MS;
      if (wentBack || again) await run(pool, MEND_CLOCK, []);
      // What asked for the time before it went back may be written only now.
      again = wentBack;
      ahead = offset;
    },
  };
}
