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
 * Runs `body` in a transaction (READ COMMITTED), again after a deadlock or serialisation failure.
 *
 * @throws CommitUnknown when the connection was lost while committing: read the row to learn what happened.
 */
export async function inTransaction<Answer>(
  pool: Pool,
  body: (tx: PoolClient) => Promise<Answer>,
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

async function once<Answer>(pool: Pool, body: (tx: PoolClient) => Promise<Answer>): Promise<Answer> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query('begin');
    const answer = await body(tx);
    try {
      await tx.query('commit');
    } catch (error) {
      broken = error as Error;
      // An error that the server reported ended the transaction; any other (EPIPE, a time limit) says nothing.
      throw error instanceof pg.DatabaseError && !isLostConnection(error) ? error : new CommitUnknown(error);
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

/** Class 08 (connection exception) and 57P0x (the server is going down). */
function isLostConnection(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return code.startsWith('08') || code.startsWith('57P');
}
