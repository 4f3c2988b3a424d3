import type { Pool, PoolClient } from 'pg';
import { nearestWord, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import { plainText } from './json-text.ts';
import { statement } from './statement.ts';
import { inTransaction, run } from './transaction.ts';

const PARK = statement('park');
const MOVE_LANES = statement('move-lanes');

/** A brake on a function, or on all functions that use a provider. */
export interface PauseView {
  readonly name: string;
  readonly kind: 'function' | 'provider';
  readonly since: Date;
  readonly by: string;
  readonly reason: string;
  /** Functions that stand still because of it. */
  readonly functions: readonly string[];
  /** Deliveries that wait behind it. */
  readonly waiting: number;
}

export interface PauseRequest {
  /** A function (`render-tts`) or a provider that functions use (`language-model`). */
  readonly name: string;
  readonly by: string;
  readonly reason: string;
}

const COLUMNS = `p.name, p.kind, p.since, p.by, p.reason,
  (select coalesce(array_agg(f.name order by f.name), '{}') from ledger.function f
   where f.active and (f.name = p.name or p.name = any (f.uses))) as functions,
  (select count(*)::int from ledger.delivery d
   where d.open and d.later_at is null and d.lane = '(paused)' and d.function in (
     select f.name from ledger.function f where f.name = p.name or p.name = any (f.uses))) as waiting`;

/**
 * Puts a brake on. Work in hand goes on to its end; what is due moves to a lane that nobody serves and stays due, so
 * claims and wake-ups need not look for brakes. A second pause changes nothing and answers the first.
 *
 * @throws Permanent `pause-unknown` when there is no such function or provider
 */
export function pause(pool: Pool, request: PauseRequest): Promise<PauseView> {
  return inTransaction(pool, async (tx) => {
    const kind = await kindOf(tx, request.name);
    await tx.query(
      'insert into ledger.pause (name, kind, by, reason) values ($1, $2, $3, $4) on conflict do nothing',
      [request.name, kind, plainText(request.by), plainText(request.reason)],
    );
    await reach('pause.marked');
    await park(tx);
    await reach('pause.parked');
    const [view] = await viewsOf(tx, request.name);
    if (view === undefined) throw new Permanent('pause-unknown', `"${request.name}" could not be paused.`);
    return view;
  });
}

/** Takes a brake off; the answer is false where there was none. Its work may still stand behind another brake. */
export function resume(pool: Pool, name: string): Promise<{ resumed: boolean; lanes: readonly string[] }> {
  return inTransaction(pool, async (tx) => {
    await kindOf(tx, name);
    const { rowCount } = await tx.query('delete from ledger.pause where name = $1', [name]);
    const lanes = await park(tx);
    await reach('resume.parked');
    return { resumed: rowCount === 1, lanes };
  });
}

/** All brakes, oldest first. */
export function listPauses(pool: Pool): Promise<PauseView[]> {
  return viewsOf(pool);
}

async function viewsOf(on: Pool | PoolClient, name?: string): Promise<PauseView[]> {
  const { rows } = await on.query<PauseView>(
    `select ${COLUMNS} from ledger.pause p where $1::text is null or p.name = $1 order by p.since, p.name`,
    [name ?? null],
  );
  return rows;
}

/** Holds publishers and commits in flight, as a deployment does, so that nobody files work by what it read before. */
async function kindOf(tx: PoolClient, name: string): Promise<'function' | 'provider'> {
  await tx.query(`select pg_advisory_xact_lock('ledger.subscription'::regclass::oid::bigint)`);
  const { rows } = await tx.query<{ name: string; kind: 'function' | 'provider' }>(
    `select name, 'function' as kind from ledger.function where active
     union all select name, 'provider' from ledger.provider where active
     union all select name, kind from ledger.pause`,
  );
  const found = rows.find((row) => row.name === name);
  if (found !== undefined) return found.kind;
  const near = nearestWord(
    name,
    rows.map((row) => row.name),
  );
  throw new Permanent(
    'pause-unknown',
    `There is no function or provider "${name.slice(0, 100)}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { field: 'name' },
  );
}

async function park(tx: PoolClient): Promise<readonly string[]> {
  const { rows } = await run<{ lane: string }>(tx, PARK, []);
  if (rows.length > 0) await run(tx, MOVE_LANES, []);
  return [...new Set(rows.map(({ lane }) => lane))];
}
