import type { Pool } from 'pg';

/** Runs that one look takes at most; the next goes on from there. */
const PAGE = 500;
/** A run that settles now appears a little later than its own time says. */
const LAG = '10 seconds';

/** How runs ended, between one look and the next. */
export interface Outcomes {
  readonly runs: readonly {
    readonly flow: string;
    readonly state: 'completed' | 'failed' | 'cancelled';
    /** From its first event to its end. */
    readonly seconds: number;
    /** Length of the video that it made, if it made one. */
    readonly videoSeconds?: number;
  }[];
  /** Deliveries of these runs that ended well. */
  readonly steps: readonly { readonly function: string; readonly seconds: number; readonly bytes: number }[];
  /** Names of all flows and functions: also of those of which nothing ended. */
  readonly flows: readonly string[];
  readonly functions: readonly string[];
  /** Give it to the next look. */
  readonly next: OutcomesCursor;
  /** More has ended than one look takes. */
  readonly more: boolean;
}

/** Where a look ended. */
export interface OutcomesCursor {
  readonly settledAt: string;
  readonly run: string;
}

interface RunRow {
  id: string;
  flow: string;
  state: 'completed' | 'failed' | 'cancelled';
  settled: string;
  seconds: number;
  video: number | null;
}

/**
 * The runs that settled since `after`; without it none, and where to begin. One that was retried settles again and is told of
 * again. Reads along the index of settled runs: what ended before costs nothing.
 */
export async function readOutcomes(pool: Pool, after?: OutcomesCursor): Promise<Outcomes> {
  const [names, found] = await Promise.all([
    pool.query<{ flows: string[]; functions: string[]; now: string }>(NAMES, [LAG]),
    after === undefined ? { rows: [] } : pool.query<RunRow>(RUNS, [after.settledAt, after.run, LAG, PAGE]),
  ]);
  const runs = found.rows;
  const steps =
    runs.length === 0
      ? { rows: [] }
      : await pool.query<{ function: string; seconds: number; bytes: number }>(STEPS, [
          runs.map(({ id }) => id),
        ]);
  const last = runs.at(-1);
  const { flows = [], functions = [], now = '' } = names.rows[0] ?? {};
  return {
    runs: runs.map(({ flow, state, seconds, video }) => ({
      ...{ flow, state, seconds },
      ...(video === null ? {} : { videoSeconds: video }),
    })),
    steps: steps.rows,
    ...{ flows, functions },
    next:
      last === undefined
        ? (after ?? { settledAt: now, run: '00000000-0000-0000-0000-000000000000' })
        : { settledAt: last.settled, run: last.id },
    more: runs.length === PAGE,
  };
}

const NAMES = `
  select array(select name from ledger.flow order by name) as flows,
    array(select name from ledger.function where active order by name) as functions,
    (ledger.ledger_now() - $1::interval)::text as now`;

const RUNS = `
  select r.id, r.flow, r.state, r.settled_at::text as settled,
    extract(epoch from r.settled_at - r.created_at)::double precision as seconds,
    case when r.state = 'completed' then (
      select (e.data ->> 'durationSeconds')::double precision from ledger.event e
      where e.run = r.id and e.type = 'pipeline.video.assembled' limit 1
    ) end as video
  from ledger.run r
  where (r.settled_at, r.id) > ($1::timestamptz, $2::uuid) and r.settled_at <= ledger.ledger_now() - $3::interval
  order by r.settled_at, r.id limit $4`;

const STEPS = `
  select d.function, extract(epoch from d.ended_at - d.started_at)::double precision as seconds,
    (select coalesce(sum(a.bytes), 0) from ledger.artifact a where a.run = d.run and a.delivery = d.id)::double precision as bytes
  from ledger.delivery d
  where d.run = any ($1::uuid[]) and d.state = 'done' and d.started_at is not null and d.ended_at is not null`;
