import type { Pool } from 'pg';

/** The lease of a host process: one row, whatever number of deliveries it works on. */
export interface Leases {
  /** Announces a process; the answer is its host id. */
  enrol(host: { home: string; lane: string; pid: number }): Promise<string>;
  /** False when the host was declared dead: it must stop, its work is somebody else's. */
  renew(host: string): Promise<boolean>;
  /** Of these deliveries, those that are no longer the host's (cancelled, taken over). */
  gone(host: string, deliveries: readonly string[]): Promise<readonly string[]>;
}

export function createLeases(pool: Pool): Leases {
  return {
    async enrol({ home, lane, pid }) {
      const { rows } = await pool.query<{ id: string }>(
        'insert into ledger.host (id, home, lane, pid) values (gen_random_uuid(), $1, $2, $3) returning id',
        [home, lane, pid],
      );
      return rows[0]?.id ?? '';
    },
    async renew(host) {
      const { rowCount } = await pool.query(
        'update ledger.host set renewed_at = ledger.ledger_now() where id = $1 and dead_at is null',
        [host],
      );
      return rowCount === 1;
    },
    async gone(host, deliveries) {
      const { rows } = await pool.query<{ id: string }>(
        `select id from unnest($2::uuid[]) as asked (id)
         where not exists (
           select from ledger.delivery d where d.id = asked.id and d.state = 'leased' and d.host = $1
         )`,
        [host, [...deliveries]],
      );
      return rows.map(({ id }) => id);
    },
  };
}
