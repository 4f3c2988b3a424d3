import type { Pool } from 'pg';
import type { EventType } from '#shared/events';
import { reach } from '#shared/faults';
import { jsonText } from './json-text.ts';
import type { RunFailure } from './model.ts';
import { lockJoins, recordEvents } from './record-events.ts';
import { statement } from './statement.ts';
import { inTransaction, run, undo } from './transaction.ts';

const LOOK = statement('settle-look');
const PEEK = statement('settle-peek');

export interface Settlement {
  /** What it settled as; undefined when it is not settled by this call. */
  readonly state: 'completed' | 'failed' | undefined;
  readonly lanes: readonly string[];
}

const UNSETTLED: Settlement = { state: undefined, lanes: [] };

/** Settles a run in which nothing is open any more and publishes the flow's completed or failed event. */
export function settle(pool: Pool, source: string, runId: string): Promise<Settlement> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{
      owner: string;
      state: string;
      kept: string[];
      completed: string | null;
      failed: string | null;
    }>(
      `select r.owner, r.state, r.kept, f.completed, f.failed, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
       from ledger.run r left join ledger.flow f on f.name = r.flow where r.id = $1 for update of r`,
      [runId],
    );
    const locked = rows[0];
    if (locked?.state !== 'running') return undo(UNSETTLED);
    const looked = await run<RunFailure & { isOpen: boolean }>(tx, LOOK, [runId]);
    const look = looked.rows[0];
    if (look === undefined || look.isOpen) return undo(UNSETTLED);
    await reach('settle.looked');

    const isWhole = look.dead.length === 0 && look.missing.length === 0;
    const state = isWhole ? 'completed' : 'failed';
    const failure: RunFailure = { dead: look.dead, missing: look.missing };
    await tx.query(
      'update ledger.run set state = $2, settled_at = ledger.ledger_now(), failure = $3 where id = $1',
      [runId, state, isWhole ? null : jsonText(failure)],
    );
    const type = (isWhole ? locked.completed : locked.failed) as EventType | null;
    // A flow that no longer stands in events.yaml has nothing to publish; its runs settle all the same.
    if (type === null) return { state, lanes: [] };
    const joins = await lockJoins(tx, runId, [type], locked.kept);
    const origin = (await tx.query<{ id: string }>('select ledger.new_id() as id')).rows[0]?.id ?? '';
    const data = isWhole ? { state } : { state, ...failure };
    const lanes = await recordEvents(
      tx,
      {
        run: runId,
        owner: locked.owner,
        source,
        origin,
        firstOrdinal: 1,
        kept: locked.kept,
        events: [{ type, data }],
      },
      joins,
    );
    await reach('settle.published');
    return { state, lanes };
  });
}

/**
 * As {@link settle}, for who has just committed something else: that stands whatever becomes of the look, and the
 * scheduler settles what is left behind.
 */
export async function settleOrLeave(pool: Pool, source: string, runId: string): Promise<Settlement> {
  try {
    // Looking needs no lock to see that one is not the last: whoever ends the last delivery looks after its COMMIT and
    // finds nothing open. The lock would make every part of a wide run wait for the commits of all the others.
    const { rows } = await run<{ isOpen: boolean }>(pool, PEEK, [runId]);
    if (rows[0]?.isOpen === true) return UNSETTLED;
    return await settle(pool, source, runId);
  } catch {
    return UNSETTLED;
  }
}
