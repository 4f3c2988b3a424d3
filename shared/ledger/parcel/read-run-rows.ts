import type { Pool, PoolClient } from 'pg';
import { Conflict, Permanent } from '#shared/errors';
import { inTransaction } from '../transaction.ts';
import { type RunRows, runRows } from './rows.ts';

/** Larger runs do not travel. */
const MOST_ROWS = 50_000;

const OF_RUN = ['event', 'delivery', 'attempt', 'join_group', 'promise', 'artifact', 'gate'] as const;
const OF_JOIN = ['join_part', 'join_key'] as const;

/**
 * All rows of a run that has ended, as of one moment.
 *
 * @param request.owner left out: any owner's (an admin)
 * @throws Permanent `run-unknown`; Conflict `run-open`, `run-too-large`
 */
export function readRunRows(
  pool: Pool,
  request: { run: string; owner?: string | undefined },
): Promise<RunRows> {
  return inTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const run = await readRun(tx, request);
    const rows: Record<string, unknown> = { run };
    for (const table of OF_RUN) rows[table] = await read(tx, table, 'run = $1', request.run);
    for (const table of OF_JOIN)
      rows[table] = await read(
        tx,
        table,
        'group_id in (select id from ledger.join_group where run = $1)',
        request.run,
      );
    return runRows.parse(rows);
  });
}

async function readRun(
  tx: PoolClient,
  { run, owner }: { run: string; owner?: string | undefined },
): Promise<unknown> {
  const { rows } = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(run)
    ? await tx.query<{ row: { state: string; owner: string } }>(
        'select to_jsonb(r) as row from ledger.run r where id = $1',
        [run],
      )
    : { rows: [] };
  const found = rows[0]?.row;
  if (found === undefined || (owner !== undefined && found.owner !== owner)) {
    throw new Permanent('run-unknown', `There is no run "${run.slice(0, 60)}".`, { field: 'run' });
  }
  if (found.state === 'running') {
    throw new Conflict('run-open', 'The run is still going on; wait for its end, or cancel it first.');
  }
  return found;
}

/** Names of tables and conditions are those above. */
async function read(tx: PoolClient, table: string, where: string, run: string): Promise<unknown[]> {
  const { rows } = await tx.query<{ row: unknown }>(
    `select to_jsonb(t) as row from ledger.${table} t where ${where} order by 1 limit $2`,
    [run, MOST_ROWS + 1],
  );
  if (rows.length > MOST_ROWS) {
    throw new Conflict('run-too-large', `The run has more than ${MOST_ROWS} rows of the kind ${table}.`);
  }
  return rows.map(({ row }) => row);
}
