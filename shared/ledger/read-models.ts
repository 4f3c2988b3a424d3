import type { Pool } from 'pg';
import { Permanent } from '#shared/errors';
import type { EventType } from '#shared/events';
import type { ArtifactView, DeliveryView, NewEvent, RunState, RunView } from './model.ts';

interface RunRow {
  id: string;
  seq: string | bigint;
  flow: string;
  owner: string;
  title: string;
  labels: Record<string, string>;
  state: RunState;
  created_at: Date;
  settled_at: Date | null;
  input: unknown;
  failure: RunView['failure'] | null;
}

const RUN_COLUMNS = `r.id, r.seq, r.flow, r.owner, r.title, r.labels, r.state, r.created_at, r.settled_at, r.failure,
  (select e.data from ledger.event e where e.id = overlay(r.id::text placing '0001' from 33)::uuid) as input`;

/** An id from an address line may be anything. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface RunQuery {
  readonly owner: string;
  readonly flow?: string | readonly string[];
  readonly state?: RunState;
  readonly label?: readonly [string, string];
  /** `next` of the page before. */
  readonly before?: string;
  readonly limit: number;
}

export async function getRun(pool: Pool, id: string): Promise<RunView | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await pool.query<RunRow>(`select ${RUN_COLUMNS} from ledger.run r where r.id = $1`, [id]);
  return rows[0] === undefined ? undefined : viewOfRun(rows[0]);
}

/** Newest first, by keyset. @throws Permanent `cursor-invalid` */
export async function listRuns(pool: Pool, query: RunQuery): Promise<{ runs: RunView[]; next?: string }> {
  const { text, values } = runsQuery(query);
  const { rows } = await pool.query<RunRow>(text, [...values]);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    runs: page.map(viewOfRun),
    ...(rows.length > query.limit && last !== undefined ? { next: writeCursor(last.seq) } : {}),
  };
}

/** Only what is asked for is in its text: a plan that must fit all questions fits none. */
export function runsQuery(query: RunQuery): { readonly text: string; readonly values: readonly unknown[] } {
  const { owner, flow, state, label, before, limit } = query;
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const place = [`owner = ${given(owner)}`];
  if (before !== undefined) place.push(`seq < ${given(readCursor(before))}::bigint`);
  const conditions: string[] = [];
  let source = 'ledger.run r';
  if (label === undefined) conditions.push(...place);
  else {
    const [name, value] = label;
    place.push(`label = ledger.label_key(${given(name)}, ${given(value)})`);
    // In order before it is joined ("offset 0" keeps it apart), so that a page ends the reading.
    source = `(select seq as place, run from ledger.run_label
      where ${place.join(' and ')} order by seq desc offset 0) l join ledger.run r on r.id = l.run`;
    // Two labels may have one key.
    conditions.push(`r.labels @> ${given(JSON.stringify({ [name]: value }))}::jsonb`);
  }
  // No flow of a list is that of commands, and their index leaves those out.
  if (flow !== undefined)
    conditions.push(`flow <> 'command'`, `flow = any (${given([flow].flat())}::text[])`);
  if (state !== undefined) conditions.push(`state = ${given(state)}`);
  const text = `select ${RUN_COLUMNS} from ${source} where ${conditions.join(' and ')}
    order by ${label === undefined ? 'seq' : 'place'} desc limit ${given(limit + 1)}`;
  return { text, values };
}

/** Columns of a {@link DeliveryView} of `ledger.delivery d`. */
export const DELIVERY_COLUMNS = `d.id, d.run, d.function, d.key, d.state, d.attempts, d.lost, d.progress, d.message,
  d.usage, d.error, d.created_at as "createdAt", d.started_at as "startedAt", d.ended_at as "endedAt",
  d.later_at as "dueAt", nullif(d.postponed, 0) as postponed,
  case when d.lane = '(paused)' and d.state in ('due', 'later') then (
    select jsonb_build_object('name', p.name, 'since', p.since, 'by', p.by, 'reason', p.reason)
    from ledger.function f join ledger.pause p on p.name = f.name or p.name = any (f.uses)
    where f.name = d.function order by p.since limit 1
  ) end as paused`;

export async function deliveriesOf(pool: Pool, runs: readonly string[]): Promise<DeliveryView[]> {
  if (runs.length === 0) return [];
  const { rows } = await pool.query(
    `select ${DELIVERY_COLUMNS} from ledger.delivery d where run = any ($1::uuid[]) order by run, id`,
    [[...runs]],
  );
  return rows.map(withoutNulls<DeliveryView>);
}

export async function artifactsOf(pool: Pool, run: string): Promise<ArtifactView[]> {
  const { rows } = await pool.query(
    `select name, delivery, function, part, object_key as key, type, bytes, sha256, created_at as "createdAt"
     from ledger.artifact where run = $1 order by created_at, delivery, name`,
    [run],
  );
  return rows.map((row) => withoutNulls<ArtifactView>({ ...row, bytes: Number(row.bytes) }));
}

export async function promisesOf(pool: Pool, run: string): Promise<{ name: string; keys: string[] }[]> {
  const { rows } = await pool.query<{ name: string; keys: string[] }>(
    'select name, array_agg(key order by key) as keys from ledger.promise where run = $1 group by name order by name',
    [run],
  );
  return rows;
}

/** Events of some types, in the order in which they came. */
export async function eventsOf(
  pool: Pool,
  run: string,
  types: readonly EventType[],
): Promise<ReadonlyArray<NewEvent & { readonly id: string }>> {
  const { rows } = await pool.query(
    'select id, type, key, data from ledger.event where run = $1 and type = any ($2) order by id',
    [run, types],
  );
  return rows.map(withoutNulls<NewEvent & { readonly id: string }>);
}

function viewOfRun(row: RunRow): RunView {
  return {
    id: row.id,
    flow: row.flow,
    owner: row.owner,
    title: row.title,
    labels: row.labels,
    state: row.state,
    createdAt: row.created_at,
    input: row.input,
    ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
    ...(row.failure === null || row.failure === undefined ? {} : { failure: row.failure }),
  };
}

export function withoutNulls<View>(row: Record<string, unknown>): View {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as View;
}

function writeCursor(seq: string | bigint): string {
  return Buffer.from(String(seq)).toString('base64url');
}

function readCursor(cursor: string): string {
  const seq = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{1,18}$/.test(seq)) {
    throw new Permanent(
      'cursor-invalid',
      `The cursor "${cursor.slice(0, 60)}" is not one that this list gave.`,
      {
        field: 'cursor',
      },
    );
  }
  return seq;
}
