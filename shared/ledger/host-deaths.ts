import type { Pool } from 'pg';
import type { Failure } from '#shared/errors';
import type { Housekeeping } from './housekeeping.ts';
import { jsonText } from './json-text.ts';

/** What a process that ended held. */
export interface Lost {
  readonly delivery: string;
  readonly run: string;
  readonly function: string;
}

/** Deaths of processes as somebody else has seen them who knows why. */
export interface HostDeaths {
  /**
   * All hosts of this home have ended, for certain: what they held is due again at once, without waiting for the end of
   * their lease, and its lost attempt says why.
   */
  report(death: { home: string; why: Failure }): Promise<readonly Lost[]>;
}

/** As old as a lease may get. */
const SILENT_MS = 30_000;

export function createHostDeaths({
  pool,
  housekeeping,
}: {
  pool: Pool;
  housekeeping: Pick<Housekeeping, 'takeOver'>;
}): HostDeaths {
  return {
    async report({ home, why }) {
      const { rows } = await pool.query<Lost & { fence: bigint }>(
        `select d.id as delivery, d.run, d.function, d.fence
         from ledger.host h
         join ledger.delivery d on d.host = h.id and d.open and d.later_at is null and d.state = 'leased'
         where h.home = $1 and h.dead_at is null`,
        [home],
      );
      await housekeeping.takeOver({ silentMs: SILENT_MS, home });
      await pool.query(
        `update ledger.attempt a set error = $3
         from unnest($1::uuid[], $2::bigint[]) as lost (delivery, fence)
         where a.delivery = lost.delivery and a.fence = lost.fence and a.outcome = 'lost' and a.error is null`,
        [rows.map(({ delivery }) => delivery), rows.map(({ fence }) => fence), jsonText(why)],
      );
      return rows.map(({ delivery, run, function: name }) => ({ delivery, run, function: name }));
    },
  };
}
