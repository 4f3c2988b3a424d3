import type { Pool, PoolClient } from 'pg';
import { Conflict } from '#shared/errors';
import { jsonText } from '../json-text.ts';
import { inTransaction } from '../transaction.ts';
import type { RunRows } from './rows.ts';

/** Another row has this key already (SQLSTATE unique_violation). */
const TAKEN = '23505';

/**
 * Puts the rows of a run that ended elsewhere into this ledger, as a run of `owner` that stands as it stood there: ended,
 * nothing of it due. `retry` and `replay` work on it. All of it or nothing.
 *
 * @param rows checked by the schema {@link runRows}
 * @throws Conflict `run-exists`, `flow-unknown`, `rows-collide`
 */
export async function loadRunRows(pool: Pool, rows: RunRows, { owner }: { owner: string }): Promise<void> {
  try {
    await inTransaction(pool, (tx) => load(tx, rows, owner));
  } catch (error) {
    if ((error as { code?: unknown }).code !== TAKEN) throw error;
    throw new Conflict('rows-collide', 'Rows of this run stand in the ledger already, under another run.', {
      cause: error,
    });
  }
}

async function load(tx: PoolClient, rows: RunRows, owner: string): Promise<void> {
  const { run } = rows;
  // Keeps brakes and deployments from moving functions to other lanes meanwhile.
  const flow = await tx.query(
    `select pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
     from ledger.flow where name = $1`,
    [run.flow],
  );
  if (flow.rowCount === 0) {
    throw new Conflict('flow-unknown', `events.yaml here has no flow "${run.flow}": it could never settle.`);
  }
  const opened = await tx.query(RUN, [jsonText(run), owner]);
  if (opened.rowCount === 0) {
    throw new Conflict('run-exists', `The run ${run.id} is in this ledger already.`);
  }
  const insert = (statement: string, list: readonly unknown[], ...more: unknown[]) =>
    tx.query(statement, [jsonText(list), run.id, ...more]);
  await insert(EVENTS, rows.event);
  await insert(DELIVERIES, rows.delivery, owner);
  await insert(ATTEMPTS, rows.attempt);
  await insert(ARTIFACTS, rows.artifact);
  await insert(PROMISES, rows.promise);
  await insert(GATES, rows.gate);
  await insert(JOINS, rows.join_group);
  // Joins have other numbers here: a function and its trigger say which is which.
  await insert(JOIN_PARTS, rows.join_part, jsonText(rows.join_group));
  await insert(JOIN_KEYS, rows.join_key, jsonText(rows.join_group));
}

const RUN = `
  insert into ledger.run (id, flow, owner, title, labels, state, forked_from, replayed_from, kept, created_at, settled_at,
    failure, reopened)
  select id, flow, $2, title, labels, state, forked_from, replayed_from, kept, created_at, settled_at, failure, reopened
  from jsonb_to_record($1::jsonb) as r (id uuid, flow text, title text, labels jsonb, state text, forked_from uuid,
    replayed_from text, kept text[], created_at timestamptz, settled_at timestamptz, failure jsonb, reopened int)
  on conflict (id) do nothing`;

const EVENTS = `
  insert into ledger.event (id, run, type, source, subject, key, data, data_version, cause, traceparent, copied_from,
    recorded_at)
  select id, $2, type, source, subject, key, data, data_version, cause, traceparent, copied_from, recorded_at
  from jsonb_to_recordset($1::jsonb) as r (id uuid, type text, source text, subject text, key text, data jsonb,
    data_version int, cause uuid, traceparent text, copied_from uuid, recorded_at timestamptz)`;

const DELIVERIES = `
  insert into ledger.delivery (id, run, event, inputs, function, trigger, key, owner, lane, state, open, dead, seq, attempts,
    lost, postponed, fence, created_at, started_at, ended_at, progress, message, usage, wrote, reply, error)
  select r.id, $2, r.event, r.inputs, r.function, r.trigger, r.key, $3, coalesce(f.lane, ''), r.state, false,
    r.state = 'dead', 0, r.attempts, r.lost, r.postponed, r.fence, r.created_at, r.started_at, r.ended_at, r.progress,
    r.message, r.usage, r.wrote, r.reply, r.error
  from jsonb_to_recordset($1::jsonb) as r (id uuid, event uuid, inputs uuid[], function text, trigger int, key text,
    state text, attempts int, lost int, postponed int, fence bigint, created_at timestamptz, started_at timestamptz,
    ended_at timestamptz, progress real, message text, usage jsonb, wrote boolean, reply jsonb, error jsonb)
  left join ledger.function f on f.name = r.function`;

const ATTEMPTS = `
  insert into ledger.attempt (delivery, fence, run, outcome, error, started_at, ended_at)
  select delivery, fence, $2, outcome, error, started_at, ended_at
  from jsonb_to_recordset($1::jsonb) as r (delivery uuid, fence bigint, outcome text, error jsonb,
    started_at timestamptz, ended_at timestamptz)`;

const ARTIFACTS = `
  insert into ledger.artifact (run, delivery, name, function, part, object_key, type, bytes, sha256, created_at)
  select $2, delivery, name, function, part, object_key, type, bytes, sha256, created_at
  from jsonb_to_recordset($1::jsonb) as r (delivery uuid, name text, function text, part text, object_key text, type text,
    bytes bigint, sha256 text, created_at timestamptz)`;

const PROMISES = `
  insert into ledger.promise (run, name, key, cause)
  select $2, name, key, cause from jsonb_to_recordset($1::jsonb) as r (name text, key text, cause uuid)`;

const GATES = `
  insert into ledger.gate (run, name, opened_at, closed_at)
  select $2, name, opened_at, closed_at
  from jsonb_to_recordset($1::jsonb) as r (name text, opened_at timestamptz, closed_at timestamptz)`;

const JOINS = `
  insert into ledger.join_group (run, function, trigger, kind, needs, part, keyless, missing, fired_at)
  select $2, function, trigger, kind, needs, part, keyless, missing, fired_at
  from jsonb_to_recordset($1::jsonb) as r (function text, trigger int, kind text, needs int, part text, keyless int,
    missing int, fired_at timestamptz)`;

/** Numbers of joins there ($3) to those here. */
const SAME_JOIN = `
  join jsonb_to_recordset($3::jsonb) as there (id bigint, function text, trigger int) on there.id = r.group_id
  join ledger.join_group g on g.run = $2 and g.function = there.function and g.trigger = there.trigger`;

const JOIN_PARTS = `
  insert into ledger.join_part (group_id, type, key, event)
  select g.id, r.type, r.key, r.event
  from jsonb_to_recordset($1::jsonb) as r (group_id bigint, type text, key text, event uuid) ${SAME_JOIN}`;

const JOIN_KEYS = `
  insert into ledger.join_key (group_id, key, arrived, fired_at)
  select g.id, r.key, r.arrived, r.fired_at
  from jsonb_to_recordset($1::jsonb) as r (group_id bigint, key text, arrived int, fired_at timestamptz) ${SAME_JOIN}`;
