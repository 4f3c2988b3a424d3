import type { Pool } from '#shared/database';

/** A run that is going on, or that has settled since the last look. */
export interface MovingRun {
  readonly id: string;
  readonly owner: string;
  readonly isSettled: boolean;
}

/** Which runs of those who are connected move. */
export interface MovingRuns {
  /**
   * @param since the `now` of the look before
   * @param flows what people began; commands settle by themselves
   */
  look(asked: {
    readonly owners: readonly string[];
    readonly flows: readonly string[];
    readonly since: Date | undefined;
  }): Promise<{ readonly runs: readonly MovingRun[]; readonly now: Date }>;
}

/** So many are looked at, of each kind: the newest. */
const MOST = 500;

export function createMovingRuns({ pool }: { pool: Pool }): MovingRuns {
  return {
    async look({ owners, flows, since }) {
      const asked = await pool.query<{ now: Date }>('select ledger.ledger_now() as now');
      const now = asked.rows[0]?.now ?? new Date(0);
      const { rows } = await pool.query<MovingRun>({
        ...{ name: 'realtime-moving', text: MOVING },
        values: [owners, flows, since ?? now, MOST],
      });
      return { runs: rows, now };
    },
  };
}

export const MOVING = `
  (select id, owner, false as "isSettled" from ledger.run
   where state = 'running' and owner = any($1::text[]) and flow = any($2::text[])
   order by seq desc limit $4)
  union all
  (select id, owner, true from ledger.run
   where settled_at > $3 and owner = any($1::text[]) and flow = any($2::text[])
   order by settled_at desc limit $4)`;
