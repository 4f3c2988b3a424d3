import type { Pool } from 'pg';
import { Conflict, type Failure, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import type { DeliveryState, DeliveryView } from './model.ts';
import { DELIVERY_COLUMNS, withoutNulls } from './read-models.ts';
import { statement } from './statement.ts';
import { inTransaction, run } from './transaction.ts';

const RETRY = statement('retry');
const REOPEN = statement('reopen');
const REOPEN_LOCK = statement('reopen-lock');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Deliveries that one call retries at most. */
export const MAX_RETRIES = 1_000;
const SAMPLE = 10;
const RETRYABLE = `(r.state <> 'cancelled' and d.function in (select name from ledger.function where active))`;

/** Which deliveries; what is left out is any. */
export interface DeliveryFilter {
  /** Left out: everybody's (an admin). */
  readonly owner?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly function?: string | undefined;
  readonly flow?: string | undefined;
  readonly run?: string | undefined;
  /** Code of the last error. */
  readonly code?: string | undefined;
}

export interface DeliveryQuery extends DeliveryFilter {
  /** `next` of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A delivery in a list of many runs. */
export interface ListedDelivery extends DeliveryView {
  readonly owner: string;
  readonly flow: string;
}

/** An attempt that did not end well. */
export interface AttemptView {
  /** Its fence: attempts are numbered by it. */
  readonly number: number;
  readonly outcome: 'transient' | 'permanent' | 'lost' | 'postponed';
  readonly error?: Failure;
  readonly startedAt?: Date;
  readonly endedAt: Date;
  /** Milliseconds from its start to its end. */
  readonly workedMs?: number;
  /** Process id on its machine. */
  readonly pid?: number;
}

export interface DeliveryDetail extends ListedDelivery {
  /** Ids of the events that it was made for. */
  readonly events: readonly string[];
  readonly lane: string;
  readonly attemptLog: readonly AttemptView[];
  readonly reply?: unknown;
}

export interface BulkRetry {
  /** Dead deliveries that match and can be retried, up to the bound of a call. */
  readonly matched: number;
  /** More match than one call takes: call again. */
  readonly more: boolean;
  /** Made due again; 0 in a dry run. */
  readonly retried: number;
  /** Match too and cannot be retried, up to {@link MAX_RETRIES}: of cancelled runs and of functions that are gone. */
  readonly skipped: number;
  readonly sample: readonly ListedDelivery[];
}

/** Newest first, by keyset. @throws Permanent `cursor-invalid` */
export async function listDeliveries(
  pool: Pool,
  query: DeliveryQuery,
): Promise<{ deliveries: ListedDelivery[]; next?: string }> {
  if (query.before !== undefined && !UUID.test(query.before)) {
    throw new Permanent(
      'cursor-invalid',
      `The cursor "${query.before.slice(0, 60)}" is not one that this list gave.`,
      { field: 'cursor' },
    );
  }
  const found = await select(pool, query, query.limit + 1, query.before);
  const deliveries = found.slice(0, query.limit);
  const last = deliveries.at(-1);
  return { deliveries, ...(found.length > query.limit && last !== undefined ? { next: last.id } : {}) };
}

/** One delivery with all its attempts that did not end well, oldest first. */
export async function readDelivery(pool: Pool, id: string): Promise<DeliveryDetail | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await pool.query(
    `select ${DELIVERY_COLUMNS}, d.owner, r.flow, d.lane, d.reply,
       coalesce(d.inputs, array[d.event]) as events,
       coalesce((
         select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
           'number', a.fence, 'outcome', a.outcome, 'error', a.error,
           'startedAt', a.started_at, 'endedAt', a.ended_at, 'pid', h.pid
         )) order by a.fence)
         from ledger.attempt a left join ledger.host h on h.id = a.host where a.delivery = d.id
       ), '[]') as "attemptLog"
     from ledger.delivery d join ledger.run r on r.id = d.run where d.id = $1`,
    [id],
  );
  if (rows[0] === undefined) return undefined;
  const view = withoutNulls<DeliveryDetail>(rows[0]);
  return { ...view, attemptLog: view.attemptLog.map(withDates) };
}

/**
 * Makes one dead delivery due again, with all its tries, and reopens its run.
 *
 * @throws Conflict `nothing-to-retry`, `run-cancelled`
 */
export async function retryDelivery(pool: Pool, id: string): Promise<{ lanes: readonly string[] }> {
  const owner = UUID.test(id)
    ? await pool.query<{ run: string }>('select run from ledger.delivery where id = $1', [id])
    : undefined;
  const runId = owner?.rows[0]?.run;
  const lanes = runId === undefined ? [] : await retryInRun(pool, runId, [id], 'tell');
  if (lanes.length === 0) throw new Conflict('nothing-to-retry', `The delivery ${id} is not dead.`);
  return { lanes };
}

/**
 * Retries dead deliveries by filter, at most {@link MAX_RETRIES} a call and a transaction for each run; a dry run
 * counts and shows a few. Interrupted, it has retried some runs wholly and others not at all: call it again.
 */
export async function retryDeliveries(
  pool: Pool,
  filter: Omit<DeliveryFilter, 'state'>,
  { dryRun, limit = MAX_RETRIES }: { dryRun: boolean; limit?: number },
): Promise<BulkRetry & { lanes: readonly string[] }> {
  const bound = Math.max(1, Math.min(limit, MAX_RETRIES));
  const all = { ...filter, state: 'dead' } as const;
  const found = await select(pool, { ...all, that: RETRYABLE }, bound + 1);
  const stuck = await select(pool, { ...all, that: `not ${RETRYABLE}` }, MAX_RETRIES);
  const dead = found.slice(0, bound);
  const base = { matched: dead.length, more: found.length > bound, sample: dead.slice(0, SAMPLE) };
  if (dryRun) return { ...base, retried: 0, skipped: stuck.length, lanes: [] };
  const byRun = Map.groupBy(dead, (view) => view.run);
  const lanes: string[] = [];
  for (const [runId, views] of byRun) {
    lanes.push(
      ...(await retryInRun(
        pool,
        runId,
        views.map(({ id }) => id),
        'skip',
      )),
    );
    await reach('retry-many.one');
  }
  return { ...base, retried: lanes.length, skipped: stuck.length, lanes: [...new Set(lanes)] };
}

/** Answers a lane for each delivery that is due again. */
function retryInRun(
  pool: Pool,
  runId: string,
  ids: readonly string[],
  cancelled: 'tell' | 'skip',
): Promise<readonly string[]> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await run<{ state: string }>(tx, REOPEN_LOCK, [runId]);
    if (rows[0]?.state === 'cancelled') {
      if (cancelled === 'skip') return [];
      throw new Conflict('run-cancelled', 'The run was cancelled and takes no more work; start a new one.');
    }
    const retried = await run<{ lane: string }>(tx, RETRY, [runId, null, ids]);
    if (retried.count > 0) await run(tx, REOPEN, [runId]);
    await reach('retry-delivery.reopened');
    return retried.rows.map(({ lane }) => lane);
  });
}

/** A condition only for what is asked: each asks for one index. */
async function select(
  pool: Pool,
  filter: DeliveryFilter & { that?: string },
  limit: number,
  before?: string,
): Promise<ListedDelivery[]> {
  const values: unknown[] = [];
  const where: string[] = [];
  const ask = (text: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(text(`$${values.length}`));
  };
  if (filter.run !== undefined && !UUID.test(filter.run)) return [];
  ask((at) => `d.run = ${at}`, filter.run);
  ask((at) => `d.owner = ${at}`, filter.owner);
  ask((at) => `d.function = ${at}`, filter.function);
  ask((at) => `d.error ->> 'code' = ${at}`, filter.code);
  ask((at) => `r.flow = ${at}`, filter.flow);
  ask((at) => `d.id < ${at}`, before);
  ask((at) => `d.state = ${at}`, filter.state);
  if (filter.that !== undefined) where.push(filter.that);
  // The partial indexes hold the few rows that are open or dead.
  if (filter.state === 'dead') where.push('d.dead');
  if (filter.state === 'due' || filter.state === 'leased') where.push('d.open and d.later_at is null');
  if (filter.state === 'later') where.push('d.later_at is not null');
  values.push(limit);
  const { rows } = await pool.query(
    `select ${DELIVERY_COLUMNS}, d.owner, r.flow
     from ledger.delivery d join ledger.run r on r.id = d.run
     ${where.length === 0 ? '' : `where ${where.join(' and ')}`}
     order by d.id desc limit $${values.length}`,
    values,
  );
  return rows.map(withoutNulls<ListedDelivery>);
}

/** As it came out of JSON, with its times as such. */
export function withDates(attempt: AttemptView): AttemptView {
  const endedAt = new Date(attempt.endedAt);
  if (attempt.startedAt === undefined) return { ...attempt, endedAt };
  const startedAt = new Date(attempt.startedAt);
  const workedMs = Math.max(0, endedAt.getTime() - startedAt.getTime());
  return { ...attempt, startedAt, endedAt, workedMs };
}
