import type { Pool } from 'pg';
import { Conflict } from '#shared/errors';
import { reach } from '#shared/faults';
import { statement } from './statement.ts';
import { inTransaction, run, undo } from './transaction.ts';

const CANCEL = statement('cancel');
const RETRY = statement('retry');
const REOPEN = statement('reopen');
const REOPEN_LOCK = statement('reopen-lock');

/** Cancels a run: its open deliveries end, it commits nothing more. Hosts abort as soon as they look. */
export function cancelRun(pool: Pool, runId: string): Promise<'cancelled' | 'already-settled'> {
  return inTransaction<'cancelled' | 'already-settled'>(pool, async (tx) => {
    // First the lock, then the clock: an update reads it before it waits for the commits in flight.
    const locked = await tx.query(`select from ledger.run where id = $1 and state = 'running' for update`, [
      runId,
    ]);
    if (locked.rowCount === 0) return undo('already-settled');
    await tx.query(
      `update ledger.run set state = 'cancelled', settled_at = ledger.ledger_now() where id = $1`,
      [runId],
    );
    await reach('cancel.marked');
    await run(tx, CANCEL, [runId]);
    await reach('cancel.ended');
    return 'cancelled';
  });
}

/**
 * Makes all dead deliveries of one step due again and reopens the run.
 *
 * @throws Conflict `nothing-to-retry`, `run-cancelled`
 */
export function retryStep(
  pool: Pool,
  request: { run: string; function: string },
): Promise<{ retried: number; lanes: readonly string[] }> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await run<{ state: string }>(tx, REOPEN_LOCK, [request.run]);
    if (rows[0]?.state === 'cancelled') {
      throw new Conflict('run-cancelled', 'The run was cancelled and takes no more work; start a new one.');
    }
    const retried = await run<{ lane: string }>(tx, RETRY, [request.run, request.function, null]);
    if (retried.count === 0) {
      throw new Conflict('nothing-to-retry', `No delivery of "${request.function}" is dead in this run.`);
    }
    await run(tx, REOPEN, [request.run]);
    await reach('retry.reopened');
    return { retried: retried.count, lanes: [...new Set(retried.rows.map(({ lane }) => lane))] };
  });
}

/**
 * Removes a settled run with all its rows.
 *
 * @returns keys of the objects whose last row went with it, and whether forks still read the run's input
 * @throws Conflict `run-open`
 */
export function removeRun(
  pool: Pool,
  runId: string,
): Promise<{ keys: readonly string[]; hasForks: boolean }> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ state: string; parent: string | null }>(
      'select state, forked_from as parent from ledger.run where id = $1 for update',
      [runId],
    );
    if (rows[0] === undefined) return { keys: [], hasForks: false };
    const open = await tx.query('select from ledger.delivery where run = $1 and open limit 1', [runId]);
    if (rows[0].state === 'running' || (open.rowCount ?? 0) > 0) {
      throw new Conflict('run-open', 'The run is still going on; cancel it first.');
    }
    const removed = await tx.query<{ key: string }>(
      `with gone as (delete from ledger.artifact where run = $1 returning object_key)
       select distinct object_key as key from gone
       where not exists (
         select from ledger.artifact a where a.object_key = gone.object_key and a.run <> $1
       )`,
      [runId],
    );
    await tx.query(
      `with groups as (select id from ledger.join_group where run = $1),
            parts as (delete from ledger.join_part where group_id in (select id from groups)),
            keys as (delete from ledger.join_key where group_id in (select id from groups)),
            joins as (delete from ledger.join_group where run = $1),
            promises as (delete from ledger.promise where run = $1),
            attempts as (delete from ledger.attempt where run = $1),
            deliveries as (delete from ledger.delivery where run = $1),
            events as (delete from ledger.event where run = $1),
            gates as (delete from ledger.gate where run = $1)
       delete from ledger.run where id = $1`,
      [runId],
    );
    // Forks of forks read the input of the first run: each is tied to its nearest ancestor that is still there.
    const forks = await tx.query(
      'update ledger.run set forked_from = coalesce($2, forked_from) where forked_from = $1',
      [runId, rows[0].parent],
    );
    await reach('remove.emptied');
    return { keys: removed.rows.map(({ key }) => key), hasForks: (forks.rowCount ?? 0) > 0 };
  });
}
