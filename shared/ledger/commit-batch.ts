import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { reach } from '#shared/faults';
import { type CommitRequest, type Committed, commit, transactionOf, whatStands } from './commit.ts';
import { emittedId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { checkKey } from './record-events.ts';
import { settleOrLeave } from './settle.ts';
import { type Statement, statement } from './statement.ts';
import { isRerun } from './transaction.ts';

const LOCK = statement('batch-lock');
const COMMIT = statement('batch-commit');
const LOCK_RUN = statement('lock-run');
const SINGLE = statement('single-commit');
const SETTLE_LOCK = statement('batch-settle-lock');
const SETTLE = statement('batch-settle');

/** Deliveries of one transaction; more gain nothing. */
const MAX_BATCH = 200;
/** Batches on their way at a time: one is written while the next is gathered. */
const MAX_UNDER_WAY = 2;

interface Waiting {
  readonly request: CommitRequest;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (reason: unknown) => void;
}

/** Commits of deliveries that took next to no time, gathered while others are on their way. */
export interface CommitBatches {
  /** As `commit`, with the same promises; each delivery stands or falls by its own fence. */
  add(request: CommitRequest): Promise<Committed>;
  /** One with a `write` of its own: two trips to the server in all. */
  single(request: CommitRequest): Promise<Committed>;
}

/** Whether a commit is nothing but the end of a delivery, its events, and rows of its own. */
export function isPlain({ artifacts, promises }: CommitRequest): boolean {
  return artifacts.length === 0 && promises === undefined;
}

/** @param wake told of the lanes for which settling made new work due */
export function createCommitBatches(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): CommitBatches {
  const { pool, source, wake } = options;
  const queue: Waiting[] = [];
  /** Types that were seen to move joins: their commits go alone. A deployment can make this old, never wrong. */
  const joining = new Set<string>();
  let underWay = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || underWay >= MAX_UNDER_WAY || queue.length === 0) return;
    isScheduled = true;
    // All that ends in this turn of the event loop goes together.
    setImmediate(() => {
      isScheduled = false;
      const batch = queue.splice(0, MAX_BATCH);
      if (batch.length === 0) return;
      underWay += 1;
      void commitTogether(batch).finally(() => {
        underWay -= 1;
        schedule();
      });
      schedule();
    });
  }

  async function commitTogether(batch: readonly Waiting[]): Promise<void> {
    const sorted = [...batch].sort((a, b) => (a.request.claim.id < b.request.claim.id ? -1 : 1));
    const rows = await commitRows(pool, source, sorted).catch(() => undefined);
    await reach('commit.done');
    const known = new Map(rows?.map((row) => [row.id, row]));
    for (const { request, resolve, reject } of sorted) {
      const row = known.get(request.claim.id);
      if (row?.outcome === 'committed') {
        const committed: Committed = { outcome: 'committed', lanes: row.lanes };
        if (row.lanes.length > 0) resolve(committed);
        else void settleSoon(request.claim.run).then(() => resolve(committed));
        continue;
      }
      if (row?.outcome === 'joins') for (const { type } of request.events) joining.add(type);
      // Refused, or nobody knows (the connection was lost): alone, it is told by its row.
      commit(pool, source, request).then(resolve, reject);
    }
  }

  /** Runs that may be done, looked at together. */
  const ended = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  let nextLook: Promise<void> | undefined;

  /** Resolves once the run was looked at, with all that end meanwhile. */
  function settleSoon(run: string): Promise<void> {
    ended.add(run);
    nextLook ??= looking.then(async () => {
      nextLook = undefined;
      const runs = [...ended].sort();
      ended.clear();
      looking = settleTogether(runs);
      await looking;
    });
    return nextLook;
  }

  async function single(request: CommitRequest): Promise<Committed> {
    const { lanes, writeFailure } = await writeAndCommit(pool, source, request);
    // What the handler's own statements say no to is final, unless the row tells that it was a late attempt.
    if (writeFailure !== undefined) return whatStands(pool, request.claim, { failure: writeFailure });
    await reach('commit.done');
    // Refused, a join, a deadlock, or nobody knows: the longer way finds out, and writes again where it must.
    if (lanes === undefined) return commit(pool, source, request);
    if (lanes.length === 0) await settleSoon(request.claim.run);
    return { outcome: 'committed', lanes };
  }

  /** Best effort, like every look after a commit: the scheduler settles what is left behind. */
  async function settleTogether(runs: readonly string[]): Promise<void> {
    const left = await settleRows(pool, source, runs).catch(() => undefined);
    for (const id of left?.left ?? []) wake((await settleOrLeave(pool, source, id)).lanes);
    wake(left?.lanes ?? []);
  }

  return {
    add(request) {
      for (const event of request.events) checkKey(event);
      if (request.events.some(({ type }) => joining.has(type))) return commit(pool, source, request);
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        schedule();
      });
    },
    single(request) {
      for (const event of request.events) checkKey(event);
      const mayJoin = request.events.some(({ type }) => joining.has(type));
      return mayJoin ? commit(pool, source, request) : single(request);
    },
  };
}

/** BEGIN, the lock and the first statement of `write` go in one trip; the end of the delivery and COMMIT in another. */
async function writeAndCommit(
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
    const written = (await request.write?.(transactionOf(tx))) ?? {};
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
    await tx.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    const isFinal = isWriting && broken === undefined && !isRerun(error);
    return isFinal ? { writeFailure: error } : {};
  } finally {
    tx.release(broken);
  }
}

interface BatchRow extends QueryResultRow {
  readonly id: string;
  readonly outcome: 'committed' | 'joins' | 'refused';
  readonly lanes: readonly string[];
}

function commitRows(pool: Pool, source: string, batch: readonly Waiting[]): Promise<readonly BatchRow[]> {
  const requests = batch.map(({ request }) => request);
  const events = requests.flatMap(({ claim, events: emitted }) =>
    emitted.map((event, index) => ({
      delivery: claim.id,
      id: emittedId(claim.id, index + 1),
      type: event.type,
      key: event.key ?? null,
      data: jsonText(event.data),
    })),
  );
  const runs = [...new Set(requests.map(({ claim }) => claim.run))].sort();
  return inOneTrip<BatchRow>(pool, [
    [LOCK, [runs]],
    [
      COMMIT,
      [
        requests.map(({ claim }) => claim.id),
        requests.map(({ claim }) => claim.fence),
        requests.map(({ claim }) => claim.host),
        requests.map(({ reply }) => (reply === undefined ? null : jsonText(reply))),
        requests.map(({ usage }) => jsonText(usage)),
        requests.map(({ traceparent }) => traceparent ?? null),
        events.map(({ delivery }) => delivery),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ key }) => key),
        events.map(({ data }) => data),
        source,
      ],
    ],
  ]);
}

async function settleRows(
  pool: Pool,
  source: string,
  runs: readonly string[],
): Promise<{ lanes: readonly string[]; left: readonly string[] } | undefined> {
  const rows = await inOneTrip<{ lanes: string[]; left: string[] }>(pool, [
    [SETTLE_LOCK, [runs]],
    [SETTLE, [runs, source]],
  ]);
  return rows[0];
}

/** BEGIN, the statements and COMMIT in one trip to the server; answers the rows of the last statement. */
async function inOneTrip<Row extends QueryResultRow>(
  pool: Pool,
  statements: readonly (readonly [Statement, readonly unknown[]])[],
): Promise<readonly Row[]> {
  const tx: PoolClient = await pool.connect();
  let broken: Error | undefined;
  try {
    const answers = await Promise.allSettled([
      tx.query('begin'),
      ...statements.map(([{ name, text }, values]) => tx.query<Row>({ name, text, values: [...values] })),
      // After an error in one of them the server rolls back here.
      tx.query('commit'),
    ]);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) {
      broken = failed.reason as Error;
      throw broken;
    }
    const last = answers.at(-2);
    return last?.status === 'fulfilled' ? (last.value.rows as Row[]) : [];
  } finally {
    tx.release(broken);
  }
}
