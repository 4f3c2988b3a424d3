import type { Pool } from 'pg';

/** Which of several schedulers acts. It spares the database their double work; that two of them act harms nothing. */
export interface Election {
  /** Answers whether this candidate is elected, from now for `termMs`: whoever was is silent for that long. */
  stand(request: { candidate: string; termMs: number }): Promise<boolean>;
  /** Lets another one be elected at once. */
  resign(candidate: string): Promise<void>;
}

/** A term that ends farther away than it is long can only be of a clock that went back. */
const STAND = `
  update ledger.scheduler s set host = $1, renewed_at = n.now
  from (select ledger.ledger_now() as now) n
  where s.host is null or s.host = $1
    or s.renewed_at not between n.now - $2 * interval '1 millisecond' and n.now + $2 * interval '1 millisecond'`;

export function createElection({ pool }: { pool: Pool }): Election {
  return {
    async stand({ candidate, termMs }) {
      const { rowCount } = await pool.query(STAND, [candidate, termMs]);
      return rowCount === 1;
    },
    async resign(candidate) {
      await pool.query('update ledger.scheduler set host = null where host = $1', [candidate]);
    },
  };
}
