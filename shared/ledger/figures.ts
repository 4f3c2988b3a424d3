import type { Pool } from 'pg';

/** Rows that one look counts at most; `capped` says that there are more. */
const MOST = 100_000;

/** What the ledger holds of one function. */
export interface FunctionFigures {
  readonly function: string;
  readonly due: number;
  /** Of the due, those behind a brake. */
  readonly paused: number;
  readonly later: number;
  readonly leased: number;
  readonly dead: number;
  /** Seconds since the oldest due delivery was made. */
  readonly oldestDueSeconds: number;
  /** Joins of running runs that still wait for something. */
  readonly joinsOpen: number;
  /** Of the leased, those that run as Jobs: whose pods nobody can ask. */
  readonly jobsActive: number;
}

export interface LedgerFigures {
  readonly functions: readonly FunctionFigures[];
  /** More than {@link MOST} rows of a kind: the figures are lower bounds. */
  readonly capped: boolean;
  /** Age of the oldest transaction, of those that our role may see: claims get slower with it. */
  readonly longestTransactionSeconds: number;
}

/**
 * Figures for metrics: looks into the indexes of open, dead and unsettled rows; finished rows cost nothing. The order of
 * each look is that of its index: without it a plan for any bound reads the whole table.
 */
export async function readFigures(pool: Pool): Promise<LedgerFigures> {
  const [open, dead, joins, names, transactions] = await Promise.all([
    pool.query<{ function: string; state: string; lane: string; count: number; oldest: number }>(
      `select function, state, lane, count(*)::int as count,
         coalesce(extract(epoch from ledger.ledger_now() - min(created_at)), 0)::double precision as oldest
       from (
         (select function, state, lane, created_at from ledger.delivery where open and later_at is null
          order by lane, turn, seq limit $1)
         union all
         (select function, state, lane, created_at from ledger.delivery where later_at is not null
          order by later_at limit $1)
       ) o group by function, state, lane`,
      [MOST],
    ),
    pool.query<{ function: string; count: number }>(
      `select function, count(*)::int as count
       from (select function from ledger.delivery where dead order by id limit $1) d group by function`,
      [MOST],
    ),
    pool.query<{ function: string; count: number }>(
      `select g.function, count(*)::int as count
       from (select id from ledger.run where state = 'running' order by seq limit $1) r
       join ledger.join_group g on g.run = r.id and g.fired_at is null
       where g.kind <> 'each' or exists (
         select from ledger.join_key k where k.group_id = g.id and k.fired_at is null)
       group by g.function`,
      [MOST / 10],
    ),
    pool.query<{ name: string; job: boolean }>(
      `select name, run_as = 'job' as job from ledger.function where active order by name`,
    ),
    pool.query<{ seconds: number }>(
      `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::double precision as seconds
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    ),
  ]);
  const of = (name: string, state: string, lane?: string): number =>
    open.rows
      .filter(
        (row) => row.function === name && row.state === state && (lane === undefined || row.lane === lane),
      )
      .reduce((sum, row) => sum + row.count, 0);
  const count = (rows: readonly { function: string; count: number }[], name: string): number =>
    rows.find((row) => row.function === name)?.count ?? 0;
  const total = (rows: readonly { count: number }[]): number => rows.reduce((sum, row) => sum + row.count, 0);
  return {
    functions: names.rows.map(({ name, job }) => ({
      function: name,
      due: of(name, 'due'),
      paused: of(name, 'due', '(paused)'),
      later: of(name, 'later'),
      leased: of(name, 'leased'),
      dead: count(dead.rows, name),
      oldestDueSeconds: Math.max(
        0,
        ...open.rows.filter((row) => row.function === name && row.state === 'due').map((row) => row.oldest),
      ),
      joinsOpen: count(joins.rows, name),
      jobsActive: job ? of(name, 'leased') : 0,
    })),
    capped: total(open.rows) >= MOST || total(dead.rows) >= MOST,
    longestTransactionSeconds: transactions.rows[0]?.seconds ?? 0,
  };
}
