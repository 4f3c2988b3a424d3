import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import { type CommitRequest, type Committed, commit, whatStands } from './commit.ts';
import { type BatchRow, batchValues, type Ending, runsOf } from './commit-rows.ts';
import { writeAlone, writeTogether } from './commit-written.ts';
import { gather } from './gather.ts';
import { inOneTrip } from './one-trip.ts';
import { checkKey } from './record-events.ts';
import { createSettling } from './settle-soon.ts';
import { statement } from './statement.ts';

const LOCK = statement('batch-lock');
const COMMIT = statement('batch-commit');

/** Deliveries of one transaction; more gain nothing. */
const MOST = 200;
/** Fewer where they write rows of their own, one after the other, and hold their locks until the last has. */
const MOST_WRITING = 32;
/** Batches on their way at a time: while one waits for the disk, the others are read, written and gathered. */
const UNDER_WAY = 4;
/** A function whose `write` failed or dawdled in a group goes alone for so long. */
const ALONE_MS = 5_000;
const DAWDLING_MS = 250;

interface Waiting {
  readonly request: CommitRequest;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (reason: unknown) => void;
}

/** Commits of deliveries that are nothing but their end, their events, and rows of their own. */
export interface CommitBatches {
  /** As `commit`, with the same promises; quick ones together, each standing or falling by its own fence. */
  add(request: CommitRequest): Promise<Committed>;
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
  const { pool, source } = options;
  const settleSoon = createSettling(options);
  /** Types that were seen to move joins: their commits go alone. A deployment can make this old, never wrong. */
  const joining = new Set<string>();
  /** Functions that write alone, and until when. */
  const alone = new Map<string, number>();

  const together = gather<Waiting>({ most: MOST, underWay: UNDER_WAY, send: commitTogether });
  const writing = gather<Waiting>({ most: MOST_WRITING, underWay: UNDER_WAY, send: commitWriting });

  async function commitTogether(batch: readonly Waiting[]): Promise<void> {
    const sorted = byDelivery(batch);
    const rows = await endTogether(sorted.map(({ request }) => ({ request }))).catch(() => undefined);
    await answer(sorted, rows, (request) => commit(pool, source, request));
  }

  /** Rejects also where one of them cannot be sent at all: alone, that one fails. */
  async function endTogether(endings: readonly Ending[]): Promise<readonly BatchRow[]> {
    return await inOneTrip<BatchRow>(pool, [
      [LOCK, [runsOf(endings)]],
      [COMMIT, batchValues(endings, source, false)],
    ]);
  }

  async function commitWriting(batch: readonly Waiting[]): Promise<void> {
    const sorted = byDelivery(batch);
    if (sorted.length === 1) return answer(sorted, undefined, single);
    const requests = sorted.map(({ request }) => request);
    const rows = await writeTogether(pool, source, requests, ({ claim }, { ms, error }) => {
      if (error !== undefined || ms > DAWDLING_MS) alone.set(claim.function, performance.now() + ALONE_MS);
    }).catch(() => undefined);
    await answer(sorted, rows, single);
  }

  /** @param otherwise for who was refused, and where nobody knows (the connection was lost): alone, it is told by its row */
  async function answer(
    batch: readonly Waiting[],
    rows: readonly BatchRow[] | undefined,
    otherwise: (request: CommitRequest) => Promise<Committed>,
  ): Promise<void> {
    if (rows !== undefined) await reach('commit.done');
    const known = new Map(rows?.map((row) => [row.id, row]));
    for (const { request, resolve, reject } of batch) {
      const row = known.get(request.claim.id);
      if (row?.outcome === 'joins') for (const { type } of request.events) joining.add(type);
      if (row?.outcome !== 'committed') otherwise(request).then(resolve, reject);
      else if (row.lanes.length > 0) resolve({ outcome: 'committed', lanes: row.lanes });
      else void settleSoon(request.claim.run).then(() => resolve({ outcome: 'committed', lanes: [] }));
    }
  }

  async function single(request: CommitRequest): Promise<Committed> {
    const { lanes, writeFailure } = await writeAlone(pool, source, request);
    // What the handler's own statements say no to is final, unless the row tells that it was a late attempt.
    if (writeFailure !== undefined) return whatStands(pool, request.claim, { failure: writeFailure });
    await reach('commit.done');
    // Refused, a join, a deadlock, or nobody knows: the longer way finds out, and writes again where it must.
    if (lanes === undefined) return commit(pool, source, request);
    if (lanes.length === 0) await settleSoon(request.claim.run);
    return { outcome: 'committed', lanes };
  }

  return {
    add(request) {
      for (const event of request.events) checkKey(event);
      const { write, quick = false, claim, events } = request;
      if (events.some(({ type }) => joining.has(type))) return commit(pool, source, request);
      if (!quick && write === undefined) return commit(pool, source, request);
      if (write !== undefined && (!quick || (alone.get(claim.function) ?? 0) > performance.now()))
        return single(request);
      return new Promise((resolve, reject) => {
        (write === undefined ? together : writing)({ request, resolve, reject });
      });
    },
  };
}

function byDelivery(batch: readonly Waiting[]): readonly Waiting[] {
  return [...batch].sort((a, b) => (a.request.claim.id < b.request.claim.id ? -1 : 1));
}
