import type { Pool, PoolClient } from 'pg';
import { reach } from '#shared/faults';
import type { CommitRequest } from './commit.ts';
import { type BatchRow, batchValues, type Ending, runsOf } from './commit-rows.ts';
import { runWrite, WriteTooSlow } from './handler-write.ts';
import { emittedId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { checkKey } from './record-events.ts';
import { statement } from './statement.ts';
import { isRerun } from './transaction.ts';

const LOCK_RUN = statement('lock-run');
const SINGLE = statement('single-commit');
const LOCK_RUNS = statement('batch-lock');
const COMMIT = statement('batch-commit');

/** A group waits no longer for somebody's lock: each of it goes alone then, and waits as long as it must. */
const BEGIN_GROUP = `begin; set local lock_timeout = '50ms'`;

/**
 * Commits one delivery that writes rows of its own. BEGIN, the lock and the first statement of `write` go in one trip;
 * the end of the delivery and COMMIT in another.
 *
 * @returns neither: refused, a join, a deadlock, or nobody knows
 */
export async function writeAlone(
  pool: Pool,
  source: string,
  request: CommitRequest,
): Promise<{ lanes?: readonly string[]; writeFailure?: unknown }> {
  const { claim } = request;
  const tx = await pool.connect();
  let broken: Error | undefined;
  let isWriting = false;
  try {
    const opened = Promise.all([
      tx.query('begin'),
      tx.query({ name: LOCK_RUN.name, text: LOCK_RUN.text, values: [claim.run] }),
    ]);
    opened.catch(() => undefined);
    await reach('commit.locked');
    isWriting = true;
    const written = await runWrite(tx, request.write, opened);
    isWriting = false;
    await opened;
    await reach('commit.written');
    const events = [...request.events, ...(written.events ?? [])];
    for (const event of events) checkKey(event);
    const reply = written.reply ?? request.reply;
    const [ended] = await Promise.all([
      tx.query<{ lanes: string[] }>({
        name: SINGLE.name,
        text: SINGLE.text,
        values: [
          ...[claim.id, claim.fence, claim.host],
          reply === undefined ? null : jsonText(reply),
          jsonText(request.usage),
          request.traceparent ?? null,
          events.map((_, index) => emittedId(claim.id, index + 1)),
          events.map(({ type }) => type),
          events.map(({ key }) => key ?? null),
          events.map(({ data }) => jsonText(data)),
          source,
        ],
      }),
      tx.query('commit'),
    ]);
    return { lanes: ended.rows[0]?.lanes ?? [] };
  } catch (error) {
    broken = error instanceof WriteTooSlow ? error : await rollBack(tx);
    const isFinal = error instanceof WriteTooSlow || (isWriting && broken === undefined && !isRerun(error));
    return isFinal ? { writeFailure: error } : {};
  } finally {
    tx.release(broken);
  }
}

/**
 * Commits quick deliveries that write rows of their own in one transaction, their `write`s one after the other: each
 * sees what a transaction of its own would have seen, had it come next. All of them hold, or none: then each goes alone.
 *
 * @returns undefined when none holds, or nobody knows
 */
export async function writeTogether(
  pool: Pool,
  source: string,
  requests: readonly CommitRequest[],
  onWritten: (request: CommitRequest, how: { ms: number; error?: unknown }) => void,
): Promise<readonly BatchRow[] | undefined> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    const opened = Promise.all([
      tx.query(BEGIN_GROUP),
      tx.query({
        name: LOCK_RUNS.name,
        text: LOCK_RUNS.text,
        values: [runsOf(requests.map((request) => ({ request })))],
      }),
    ]);
    opened.catch(() => undefined);
    await reach('commit.locked');
    const endings: Ending[] = [];
    for (const request of requests)
      endings.push({ request, written: await write(tx, opened, request, onWritten) });
    await opened;
    await reach('commit.written');
    const [ended] = await Promise.all([
      tx.query<BatchRow>({
        name: COMMIT.name,
        text: COMMIT.text,
        values: [...batchValues(endings, source, true)],
      }),
      tx.query('commit'),
    ]);
    return ended.rows;
  } catch (error) {
    // Alone, each finds out what stands in its way.
    broken = error instanceof WriteTooSlow ? error : await rollBack(tx);
    return undefined;
  } finally {
    tx.release(broken);
  }
}

async function write(
  tx: PoolClient,
  opened: Promise<unknown>,
  request: CommitRequest,
  onWritten: (request: CommitRequest, how: { ms: number; error?: unknown }) => void,
) {
  const began = performance.now();
  try {
    const written = await runWrite(tx, request.write, opened);
    onWritten(request, { ms: performance.now() - began });
    return written;
  } catch (error) {
    onWritten(request, { ms: performance.now() - began, error });
    throw error;
  }
}

async function rollBack(tx: PoolClient): Promise<Error | undefined> {
  return tx.query('rollback').then(
    () => undefined,
    (failure: Error) => failure,
  );
}
