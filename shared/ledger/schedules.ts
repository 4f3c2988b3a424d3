import { Cron } from 'croner';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import type { EventType } from '#shared/events';
import { reach } from '#shared/faults';
import type { Topology } from '#shared/topology';
import { emittedId, runIdFor } from './ids.ts';
import { jsonText } from './json-text.ts';
import type { Brake } from './model.ts';
import { withoutNulls } from './read-models.ts';
import { inTransaction } from './transaction.ts';

/** Whom the runs of schedules belong to; no account has a colon in its name. */
export const SCHEDULE_OWNER = 'millrace:schedule';
const TICKED: EventType = 'schedule.ticked';
const UNDEFINED_FUNCTION = '42883';
/** Schedules that one transaction fires; the others come at once after it. */
const BATCH = 20;

/** A schedule of a function, as readers see it. */
export interface ScheduleView {
  readonly function: string;
  readonly cron: string;
  /** Time zone (IANA). */
  readonly zone: string;
  readonly nextAt: Date;
  readonly lastAt?: Date;
  /** The run of its last tick. */
  readonly lastRun?: string;
  /** While its brake is on it does not tick; afterwards what was missed comes once. */
  readonly paused?: Brake;
}

interface DueRow {
  function: string;
  trigger: number;
  cron: string;
  zone: string;
  condition: string | null;
  next_at: Date;
  lane: string;
  turns: boolean;
  now: Date;
}

/** Brings the schedules in line with events.yaml; one that did not change keeps its next tick. */
export async function syncSchedules(tx: PoolClient, topology: Topology): Promise<void> {
  const now = (await tx.query<{ now: Date }>('select ledger.ledger_now() as now')).rows[0]?.now ?? new Date();
  const wanted = topology.functions.flatMap(({ name, triggers }) =>
    triggers.flatMap((trigger, index) =>
      trigger.kind === 'schedule'
        ? [{ name, index, cron: trigger.cron, zone: trigger.zone, when: trigger.when ?? null }]
        : [],
    ),
  );
  // A pattern that never comes again (the 30th of February) has no next tick.
  const rows = wanted.flatMap((one) => {
    const next = nextTick(one, now);
    return next === undefined ? [] : [{ ...one, next }];
  });
  await tx.query(
    `delete from ledger.schedule s where not exists (
       select from unnest($1::text[], $2::int[]) as w (function, trigger)
       where w.function = s.function and w.trigger = s.trigger)`,
    [rows.map(({ name }) => name), rows.map(({ index }) => index)],
  );
  await tx.query(
    `insert into ledger.schedule (function, trigger, cron, zone, next_at, condition)
     select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
     on conflict (function, trigger) do update set
       next_at = case when (schedule.cron, schedule.zone) = (excluded.cron, excluded.zone)
         then schedule.next_at else excluded.next_at end,
       cron = excluded.cron, zone = excluded.zone, condition = excluded.condition`,
    [
      rows.map(({ name }) => name),
      rows.map(({ index }) => index),
      rows.map(({ cron }) => cron),
      rows.map(({ zone }) => zone),
      rows.map(({ next }) => next),
      rows.map(({ when }) => when),
    ],
  );
}

/**
 * Fires the schedules whose time has come: each tick a run of its own, its id made of function and tick, so that any
 * number of schedulers tick once. Ticks that were missed fire once, as the first of them. One that has a condition, and
 * no yes of it, waits for its next time; one whose condition fails stays due and keeps no other from firing. Answers lanes
 * with new work, and why conditions failed.
 */
export async function tickSchedules(pool: Pool, source: string): Promise<Ticked> {
  const lanes = new Set<string>();
  const failures: unknown[] = [];
  for (;;) {
    const batch = await inTransaction(pool, (tx) => tickBatch(tx, source));
    if (batch.lanes.length > 0) await reach('schedule.unannounced');
    for (const lane of batch.lanes) lanes.add(lane);
    failures.push(...batch.failures);
    // Whose condition failed would be found again for ever.
    if (batch.looked < BATCH || batch.looked === batch.failures.length)
      return { lanes: [...lanes], failures };
  }
}

interface Ticked {
  readonly lanes: readonly string[];
  readonly failures: readonly unknown[];
}

async function tickBatch(tx: PoolClient, source: string): Promise<Ticked & { readonly looked: number }> {
  // The shared lock keeps brakes and deployments from moving the function meanwhile.
  await tx.query(`select pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)`);
  const { rows } = await tx.query<DueRow>(
    `select s.function, s.trigger, s.cron, s.zone, s.condition, s.next_at, f.lane, f.turns, ledger.ledger_now() as now
     from ledger.schedule s join ledger.function f on f.name = s.function
     where s.next_at <= ledger.ledger_now() and f.active and f.lane <> '(paused)'
     order by s.next_at, s.function, s.trigger limit $1
     for update of s skip locked`,
    [BATCH],
  );
  const lanes: string[] = [];
  const failures: unknown[] = [];
  for (const row of rows) {
    const { holds, failure } = await ask(tx, row.condition);
    if (failure !== undefined) {
      failures.push(failure);
      continue;
    }
    const run = holds ? await fire(tx, source, row) : undefined;
    await moveOn(tx, row, run);
    if (run !== undefined) lanes.push(row.lane);
  }
  if (lanes.length > 0) await reach('schedule.fired');
  return { lanes, failures, looked: rows.length };
}

/** Where nobody can say, the function itself finds out. */
async function ask(tx: PoolClient, condition: string | null): Promise<{ holds: boolean; failure?: unknown }> {
  if (condition === null) return { holds: true };
  const name = condition.split('.').map(escapeIdentifier).join('.');
  await tx.query('savepoint condition');
  try {
    const { rows } = await tx.query<{ holds: boolean }>(`select ${name}() as holds`);
    return { holds: rows[0]?.holds !== false };
  } catch (failure) {
    await tx.query('rollback to savepoint condition');
    // A deployment may be ahead of its migrations.
    return (failure as { code?: string }).code === UNDEFINED_FUNCTION
      ? { holds: true }
      : { holds: false, failure };
  }
}

/** Opens the run of a tick, once; answers its id. */
async function fire(tx: PoolClient, source: string, row: DueRow): Promise<string> {
  const tick = row.next_at.toISOString();
  const id = runIdFor({ owner: SCHEDULE_OWNER, operation: `${row.function} ${row.trigger}`, key: tick });
  const event = emittedId(id, 1);
  const opened = await tx.query(
    `insert into ledger.run (id, flow, owner, title) values ($1, $2, $3, $4) on conflict (id) do nothing`,
    [id, row.function, SCHEDULE_OWNER, `${row.function} at ${tick}`],
  );
  if (opened.rowCount === 1) {
    await reach('schedule.opened');
    await tx.query(`insert into ledger.event (id, run, type, source, data) values ($1, $2, $3, $4, $5)`, [
      event,
      id,
      TICKED,
      source,
      jsonText({ function: row.function, tick }),
    ]);
    await tx.query(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane, turn) values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, event, row.function, row.trigger, SCHEDULE_OWNER, row.lane, row.turns ? SCHEDULE_OWNER : ''],
    );
  }
  return id;
}

/** @param run of this tick, where it fired */
async function moveOn(tx: PoolClient, row: DueRow, run: string | undefined): Promise<void> {
  const after = new Date(Math.max(row.now.getTime(), row.next_at.getTime()));
  await tx.query(
    `update ledger.schedule set next_at = coalesce($3::timestamptz, '9999-12-31'),
       last_at = case when $5::uuid is null then last_at else $4 end, last_run = coalesce($5, last_run)
     where function = $1 and trigger = $2`,
    [row.function, row.trigger, nextTick(row, after) ?? null, row.next_at, run ?? null],
  );
}

/** All schedules, by function. */
export async function listSchedules(pool: Pool): Promise<ScheduleView[]> {
  const { rows } = await pool.query(
    `select s.function, s.cron, s.zone, s.next_at as "nextAt", s.last_at as "lastAt", s.last_run as "lastRun",
       (select jsonb_build_object('name', p.name, 'since', p.since, 'by', p.by, 'reason', p.reason)
        from ledger.pause p where p.name = f.name or p.name = any (f.uses) order by p.since limit 1) as paused
     from ledger.schedule s join ledger.function f on f.name = s.function
     where f.active order by s.function, s.trigger`,
  );
  return rows.map(withoutNulls<ScheduleView>);
}

/** The first time after `after` that the pattern names; a time that a clock skips or repeats is croner's to decide. */
function nextTick({ cron, zone }: { cron: string; zone: string }, after: Date): Date | undefined {
  return new Cron(cron, { paused: true, timezone: zone }).nextRun(after) ?? undefined;
}
