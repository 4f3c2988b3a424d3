import pg, { type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { Transient } from '#shared/errors';
import { isStalePlan } from './handler-statements.ts';
import { WriteTooSlow } from './handler-write.ts';
import type { Statement } from './statement.ts';

/** Serialisation failure and deadlock: the transaction did nothing and may run again. */
const RERUN = new Set(['40001', '40P01']);
const MAX_RERUNS = 5;

/** Whether a transaction did nothing for no fault of its own, and may run again. */
export function isRerun(error: unknown): boolean {
  return RERUN.has(String((error as { code?: unknown }).code)) || isStalePlan(error);
}

/** Runs a statement of ours. */
export async function run<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<{ rows: Row[]; count: number }> {
  const result = await on.query<Row>({ name, text, values: [...values] });
  return { rows: result.rows, count: result.rowCount ?? 0 };
}

/** What a transaction's body asks for by throwing: undo it all and answer this. */
class Undo<Answer> {
  readonly answer: Answer;
  constructor(answer: Answer) {
    this.answer = answer;
  }
}

/** Ends a transaction without effect and answers `answer`. */
export function undo<Answer>(answer: Answer): never {
  throw new Undo(answer);
}

/**
 * Runs `body` in a transaction (READ COMMITTED), again after a deadlock or serialisation failure. BEGIN goes in one trip
 * with the first statement.
 *
 * @throws CommitUnknown when the connection was lost while committing: read the row to learn what happened.
 */
export async function inTransaction<Answer>(
  pool: Pool,
  body: (tx: PoolClient) => Promise<Answer>,
): Promise<Answer> {
  return await inTransactionTo(pool, async (tx) => ({ answer: await body(tx) }));
}

/** What a transaction comes to; `last` is its last statement, sent and not waited for: COMMIT goes in the same trip. */
interface Ending<Answer> {
  readonly answer: Answer;
  readonly last?: Promise<unknown>;
}

/** As {@link inTransaction}, for a body that leaves its last statement under way. */
export async function inTransactionTo<Answer>(
  pool: Pool,
  body: (tx: PoolClient) => Promise<Ending<Answer>>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, body);
    } catch (error) {
      if (!isRerun(error) || attempt > MAX_RERUNS) throw error;
    }
  }
}

/** The connection was lost between COMMIT and its answer. */
export class CommitUnknown extends Transient {
  constructor(cause: unknown) {
    super('commit-unknown', 'The connection was lost while committing.', { cause });
  }
}

async function once<Answer>(pool: Pool, body: (tx: PoolClient) => Promise<Ending<Answer>>): Promise<Answer> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    const begun = tx.query('begin');
    // Seen below; until then the body's own statements fail with it.
    begun.catch(() => undefined);
    const { answer, last } = await body(tx);
    await begun;
    for (const ended of await Promise.allSettled([last, tx.query('commit')])) {
      if (ended.status === 'fulfilled') continue;
      // An error that the server reported ended the transaction; any other (EPIPE, a time limit) says nothing.
      if (isRefusal(ended.reason)) throw ended.reason;
      broken = ended.reason as Error;
      throw new CommitUnknown(ended.reason);
    }
    return answer;
  } catch (error) {
    // Its session may be at work for long; closed, the server undoes what it did.
    if (error instanceof WriteTooSlow) broken = error;
    if (broken === undefined) {
      await tx.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
    }
    if (error instanceof Undo) return error.answer as Answer;
    throw error;
  } finally {
    tx.release(broken);
  }
}

/** Whether the server said no: neither class 08 (connection exception) nor 57P0x (it is going down). */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P)/.test(String(error.code));
}
