import type { Pool, PoolClient } from 'pg';
import { Conflict, nearestWord, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import { newRunId, runIdFor } from './ids.ts';
import { type OldDelivery, type OldEvent, planReplay, type ReplayPlan } from './replay-plan.ts';
import { statement } from './statement.ts';
import { inTransaction, run, undo } from './transaction.ts';

const COPY_EVENTS = statement('replay-events');
const COPY_DELIVERIES = statement('replay-deliveries');
const COPY_ARTIFACTS = statement('replay-artifacts');
const COPY_PROMISES = statement('replay-promises');
const COPY_JOINS = statement('replay-joins');
const COUNT_JOINS = statement('replay-count');
const FIRED = statement('replay-fired');

/** Larger runs are not replayed. */
const MOST_ROWS = 50_000;

export interface ReplayRequest {
  readonly run: string;
  /** Left out: any owner's (an admin). */
  readonly owner?: string | undefined;
  /** The step to begin with: a function's name. */
  readonly from: string;
  /** That part alone (`scene-003`); left out: all. */
  readonly key?: string | undefined;
  /** Functions to run again although they wrote rows or acted outside. */
  readonly redo?: readonly string[];
  /** Says what would happen and does nothing. */
  readonly dryRun?: boolean;
  /** The same key, the same new run. */
  readonly idempotencyKey?: string | undefined;
}

interface Counted {
  readonly function: string;
  readonly deliveries: number;
}

export interface Replayed {
  /** The new run; absent in a dry run. */
  readonly run?: string;
  /** False when the same key had made it before. */
  readonly created: boolean;
  /** Due at once: the step itself, and what never came to its end. */
  readonly due: readonly Counted[];
  /** Made again when their turn comes. */
  readonly again: readonly Counted[];
  readonly copied: readonly Counted[];
  /** Functions that keep their results because they wrote rows or acted outside; name them in `redo` to run them. */
  readonly kept: readonly string[];
  readonly artifacts: { readonly count: number; readonly bytes: number };
}

/**
 * Forks a settled run at a step: a new run with copies of all that does not descend from it; there the step is due.
 * Objects are shared and go with their last artifact row. The old run stays as it was. A running run is refused: what
 * its open deliveries will still publish could be in neither.
 *
 * @throws Permanent `run-unknown`, `step-unknown`; Conflict `run-open`, `step-not-reached`, `function-gone`,
 *   `command-not-replayed`, `run-too-large`, `idempotency-key-reused`
 */
export function replay(pool: Pool, request: ReplayRequest): Promise<Replayed & { lanes: readonly string[] }> {
  return inTransaction(pool, async (tx) => {
    const old = await lockRun(tx, request);
    const plan = await planOf(tx, request, old.flow);
    const artifacts = await artifactsOf(tx, request.run, plan);
    const said = {
      due: counted(plan.due),
      again: counted(plan.again),
      copied: counted(plan.copied),
      kept: plan.kept,
      artifacts,
    };
    if (request.dryRun === true) return undo({ ...said, created: false, lanes: [] });
    const { id, created } = await openRun(tx, request, old.owner, plan);
    if (!created) return undo({ ...said, run: id, created, lanes: [] });
    const lanes = await fill(tx, request.run, id, plan);
    await reach('replay.copied');
    return { ...said, run: id, created, lanes };
  });
}

async function lockRun(tx: PoolClient, request: ReplayRequest): Promise<{ owner: string; flow: string }> {
  const { rows } = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(request.run)
    ? await tx.query<{ owner: string; flow: string; state: string }>(
        `select owner, flow, state, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
         from ledger.run where id = $1 for share`,
        [request.run],
      )
    : { rows: [] };
  const found = rows[0];
  if (found === undefined || (request.owner !== undefined && found.owner !== request.owner)) {
    throw new Permanent('run-unknown', `There is no run "${request.run.slice(0, 60)}".`, { field: 'run' });
  }
  if (found.state === 'running') {
    throw new Conflict('run-open', 'The run is still going on; wait for its end, or cancel it first.');
  }
  return found;
}

async function planOf(tx: PoolClient, request: ReplayRequest, flow: string): Promise<ReplayPlan> {
  const { rows: deliveries } = await tx.query<OldDelivery>(
    `select d.id, d.function, d.key, d.state,
       array(
         select coalesce((select e.id from ledger.event e where e.id = i.id and e.run = $1), (
           select e.id from ledger.event o
           join ledger.event e on e.run = $1 and e.type = o.type and e.key is not distinct from o.key
           where o.id = i.id order by e.id limit 1
         ), i.id)
         from unnest(coalesce(d.inputs, array[d.event])) with ordinality as i (id, n) order by i.n
       ) as inputs,
       d.wrote or coalesce(f.outside, false) as acted, coalesce(f.active, false) as active
     from ledger.delivery d left join ledger.function f on f.name = d.function
     where d.run = $1 order by d.id limit $2`,
    [request.run, MOST_ROWS + 1],
  );
  const { rows: events } = await tx.query<OldEvent>(
    `select e.id, e.cause, e.cause is null and exists (
       select from ledger.flow f where e.type in (f.completed, f.failed)
     ) and e.id <> overlay(e.run::text placing '0001' from 33)::uuid as settles
     from ledger.event e where e.run = $1 order by e.id limit $2`,
    [request.run, MOST_ROWS + 1],
  );
  if (deliveries.length > MOST_ROWS || events.length > MOST_ROWS) {
    throw new Conflict(
      'run-too-large',
      `The run has more than ${MOST_ROWS} deliveries or events; start it anew.`,
    );
  }
  await checkNames(tx, [request.from, ...(request.redo ?? [])]);
  const plan = planReplay({ ...request, deliveries, events, redo: request.redo ?? [] });
  const roots = plan.due.filter((one) => one.function === request.from);
  const root = roots[0];
  if (root === undefined) {
    const part = request.key === undefined ? '' : ` of ${request.key}`;
    throw new Conflict('step-not-reached', `The run never came to "${request.from}"${part}.`, {
      field: 'from',
    });
  }
  const begun = new Set(events.filter(({ cause }) => cause === null).map(({ id }) => id));
  if (flow === 'command' && root.inputs.some((id) => begun.has(id))) {
    throw new Conflict('command-not-replayed', 'A command is not replayed: it was answered. Send it again.');
  }
  if (!root.active) {
    throw new Conflict('function-gone', `events.yaml no longer has the function "${request.from}".`);
  }
  return plan;
}

async function checkNames(tx: PoolClient, names: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select name from ledger.function');
  const known = rows.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearestWord(name, known);
    throw new Permanent(
      'step-unknown',
      `There is no function "${name.slice(0, 60)}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
      { field: 'from' },
    );
  }
}

async function artifactsOf(
  tx: PoolClient,
  oldRun: string,
  { copied }: ReplayPlan,
): Promise<{ count: number; bytes: number }> {
  const { rows } = await tx.query<{ count: number; bytes: bigint | string }>(
    `select count(*)::int as count, coalesce(sum(bytes), 0)::bigint as bytes
     from ledger.artifact where run = $1 and delivery = any ($2)`,
    [oldRun, copied.map(({ id }) => id)],
  );
  return { count: rows[0]?.count ?? 0, bytes: Number(rows[0]?.bytes ?? 0) };
}

async function openRun(
  tx: PoolClient,
  request: ReplayRequest,
  owner: string,
  plan: ReplayPlan,
): Promise<{ id: string; created: boolean }> {
  const { idempotencyKey: key } = request;
  const id = key === undefined ? newRunId() : runIdFor({ owner, operation: `replay ${request.run}`, key });
  const replayedFrom = toldFrom(request);
  const opened = await tx.query(
    `insert into ledger.run (id, flow, owner, title, labels, forked_from, replayed_from, kept)
     select $2, flow, owner, title, labels, id, $3,
       array(select distinct unnest(array_cat(kept, $4::text[])) except select unnest($5::text[]) order by 1)
     from ledger.run where id = $1
     on conflict (id) do nothing`,
    [request.run, id, replayedFrom, plan.kept, request.redo ?? []],
  );
  if (opened.rowCount === 1) return { id, created: true };
  const { rows } = await tx.query<{ replayed_from: string | null }>(
    'select replayed_from from ledger.run where id = $1',
    [id],
  );
  if (rows[0]?.replayed_from !== replayedFrom) {
    throw new Conflict(
      'idempotency-key-reused',
      `The Idempotency-Key "${key ?? ''}" came before with another step, part or redo; use a new key.`,
      { field: 'Idempotency-Key' },
    );
  }
  return { id, created: false };
}

/** All that the caller decided, in words that people see too: the same words, the same request. */
function toldFrom({ from, key, redo = [] }: ReplayRequest): string {
  const step = key === undefined ? from : `${from} ${key}`;
  return redo.length === 0 ? step : `${step}, redo ${[...new Set(redo)].sort().join(' ')}`;
}

/** Copies what the plan says; answers the lanes that have new work. */
async function fill(tx: PoolClient, from: string, to: string, plan: ReplayPlan): Promise<readonly string[]> {
  const there = [...plan.copied, ...plan.due];
  const { rows: fresh } = await tx.query<{ id: string }>(
    'select ledger.new_id() as id from generate_series(1, $1::int)',
    [there.length],
  );
  const oldIds = there.map(({ id }) => id);
  const newIds = fresh.map(({ id }) => id);
  await run(tx, COPY_EVENTS, [from, to, plan.events, oldIds, newIds]);
  const due = plan.due.map(({ id }) => id);
  const { rows } = await run<{ lane: string | null }>(tx, COPY_DELIVERIES, [from, to, oldIds, newIds, due]);
  await run(tx, COPY_ARTIFACTS, [from, to, oldIds, newIds]);
  await run(tx, COPY_PROMISES, [from, to, oldIds, newIds, due]);
  await run(tx, COPY_JOINS, [from, to]);
  await run(tx, COUNT_JOINS, [to]);
  await run(tx, FIRED, [to]);
  return [...new Set(rows.flatMap(({ lane }) => (lane === null ? [] : [lane])))];
}

function counted(deliveries: readonly OldDelivery[]): readonly Counted[] {
  return [...Map.groupBy(deliveries, (one) => one.function)].map(([name, list]) => ({
    function: name,
    deliveries: list.length,
  }));
}
