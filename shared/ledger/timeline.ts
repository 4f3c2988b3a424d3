import type { Pool } from 'pg';
import { type AttemptView, withDates } from './deliveries.ts';
import type { DeliveryView, RunView } from './model.ts';
import { deliveriesOf, getRun } from './read-models.ts';

/** A delivery of a run, and why it is where it is. */
export interface TimelineStep extends DeliveryView {
  /** The events that made it due, with the step that emitted each; absent cause: it came from outside. */
  readonly inputs: readonly {
    readonly id: string;
    readonly type: string;
    readonly key?: string;
    readonly at: Date;
    readonly cause?: string;
  }[];
  /** Attempts that did not end well, oldest first. */
  readonly attemptLog: readonly AttemptView[];
  /** Milliseconds between being made and its last start; still counting while it has not begun. */
  readonly queuedMs: number;
  /** Milliseconds of its last attempt; still counting while it works. */
  readonly workedMs?: number;
  /** Process that works on it now. */
  readonly pid?: number;
  /** Bytes that it committed. */
  readonly bytes: number;
  /** Types of the events that it emitted, with how many of each. */
  readonly emitted: readonly { readonly type: string; readonly count: number }[];
}

/** A join that has not fired. */
export interface WaitingJoin {
  readonly function: string;
  /** Types, or keys of parts, that have not come. */
  readonly missing: readonly string[];
}

export interface Timeline {
  readonly run: RunView;
  readonly forkedFrom?: string;
  readonly replayedFrom?: string;
  /** How often it had settled and a retry opened it again. */
  readonly reopened: number;
  /** In the order in which they were made. */
  readonly steps: readonly TimelineStep[];
  readonly waiting: readonly WaitingJoin[];
}

/** Longer runs show their first so many deliveries. */
const MOST = 2_000;

interface StepRow {
  id: string;
  pid: number | null;
  now: Date;
  bytes: string | number | bigint;
  inputs: { id: string; type: string; key: string | null; at: string; cause: string | null }[] | null;
  attempts: AttemptView[] | null;
  emitted: { type: string; count: number }[] | null;
}

/**
 * The causal timeline of a run, or of the run of a delivery: what was queued when and why, what waits for which
 * parts, attempts with their errors, how long, how many bytes, what was emitted.
 */
export async function timelineOf(pool: Pool, id: string): Promise<Timeline | undefined> {
  const runId = await runOf(pool, id);
  const run = runId === undefined ? undefined : await getRun(pool, runId);
  if (run === undefined) return undefined;
  const [views, rows, fork, waiting] = await Promise.all([
    deliveriesOf(pool, [run.id]),
    pool.query<StepRow>(STEPS, [run.id, MOST]),
    pool.query<{ forked_from: string | null; replayed_from: string | null; reopened: number }>(
      'select forked_from, replayed_from, reopened from ledger.run where id = $1',
      [run.id],
    ),
    pool.query<WaitingJoin>(WAITING, [run.id]),
  ]);
  const byId = new Map(views.map((view) => [view.id, view]));
  const steps = rows.rows.flatMap((row) => {
    const view = byId.get(row.id);
    return view === undefined ? [] : [stepOf(view, row)];
  });
  const { forked_from: forkedFrom, replayed_from: replayedFrom, reopened = 0 } = fork.rows[0] ?? {};
  return {
    run,
    ...(forkedFrom ? { forkedFrom } : {}),
    ...(replayedFrom ? { replayedFrom } : {}),
    reopened,
    steps,
    waiting: waiting.rows,
  };
}

async function runOf(pool: Pool, id: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
  const { rows } = await pool.query<{ run: string }>(
    'select id as run from ledger.run where id = $1 union all select run from ledger.delivery where id = $1',
    [id],
  );
  return rows[0]?.run;
}

function stepOf(view: DeliveryView, row: StepRow): TimelineStep {
  const begun = view.startedAt;
  const ended = view.endedAt ?? (view.state === 'leased' ? row.now : undefined);
  return {
    ...view,
    inputs: (row.inputs ?? []).map(({ id, type, key, at, cause }) => ({
      id,
      type,
      at: new Date(at),
      ...(key === null ? {} : { key }),
      ...(cause === null ? {} : { cause }),
    })),
    attemptLog: (row.attempts ?? []).map(withDates),
    queuedMs: Math.max(0, (begun ?? view.endedAt ?? row.now).getTime() - view.createdAt.getTime()),
    ...(begun === undefined || ended === undefined
      ? {}
      : { workedMs: Math.max(0, ended.getTime() - begun.getTime()) }),
    ...(row.pid === null ? {} : { pid: row.pid }),
    bytes: Number(row.bytes),
    emitted: row.emitted ?? [],
  };
}

const STEPS = `
  select d.id, h.pid, ledger.ledger_now() as now,
    (select coalesce(sum(a.bytes), 0) from ledger.artifact a where a.run = d.run and a.delivery = d.id) as bytes,
    (select jsonb_agg(jsonb_build_object('id', e.id, 'type', e.type, 'key', e.key, 'at', e.recorded_at, 'cause', e.cause)
       order by e.type, e.key)
     from ledger.event e where e.id = any (coalesce(d.inputs, array[d.event]))) as inputs,
    (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('number', a.fence, 'outcome', a.outcome, 'error', a.error,
       'startedAt', a.started_at, 'endedAt', a.ended_at, 'pid', ah.pid)) order by a.fence)
     from ledger.attempt a left join ledger.host ah on ah.id = a.host where a.delivery = d.id) as attempts,
    emitted.types as emitted
  from ledger.delivery d
  left join ledger.host h on h.id = d.host
  left join (
    select cause, jsonb_agg(jsonb_build_object('type', type, 'count', count) order by type) as types
    from (select cause, type, count(*) from ledger.event where run = $1 group by cause, type) c group by cause
  ) emitted on emitted.cause = d.id
  where d.run = $1
  order by d.id limit $2`;

const WAITING = `
  select g.function, array(
    select x from (
      select s.event_type as x from ledger.subscription s
      where g.kind = 'all' and s.function = g.function and s.trigger = g.trigger
        and not exists (select from ledger.join_part p where p.group_id = g.id and p.type = s.event_type)
      union all
      select s.event_type from ledger.subscription s
      where g.kind = 'each-of' and g.missing is null and s.function = g.function and s.trigger = g.trigger and not s.keyed
      union all
      select p.key from ledger.promise p
      where g.kind = 'each-of' and g.missing is not null and p.run = g.run and p.name = g.part
        and not exists (select from ledger.join_part j where j.group_id = g.id and j.key = p.key)
      union all
      select k.key from ledger.join_key k where g.kind = 'each' and k.group_id = g.id and k.fired_at is null
    ) lacking order by x
  ) as missing
  from ledger.join_group g
  where g.run = $1 and g.fired_at is null and (g.kind <> 'each' or exists (
    select from ledger.join_key k where k.group_id = g.id and k.fired_at is null))
  order by g.function`;
