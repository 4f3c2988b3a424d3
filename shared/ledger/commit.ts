import type { Pool, PoolClient } from 'pg';
import type { ArtifactRef } from '#shared/events';
import { reach } from '#shared/faults';
import { runWrite, type Write } from './handler-write.ts';
import { jsonText } from './json-text.ts';
import type { Claim, NewEvent } from './model.ts';
import { lockJoins, recordEvents } from './record-events.ts';
import { settleOrLeave } from './settle.ts';
import { statement } from './statement.ts';
import { CommitUnknown, inTransaction, run, undo } from './transaction.ts';

const LOCK_RUN = statement('lock-run');
const FINISH = statement('finish');
const ARTIFACTS = statement('artifacts');
const PROMISE = statement('promise');

export interface CommitRequest {
  readonly claim: Claim;
  readonly events: readonly NewEvent[];
  readonly artifacts: readonly ArtifactRef[];
  /** Parts that will come, by the name of their key. */
  readonly promises?: { readonly name: string; readonly keys: readonly string[] } | undefined;
  readonly reply?: unknown;
  readonly usage: Readonly<Record<string, number>>;
  readonly traceparent?: string | undefined;
  /** It took next to no time: it may commit together with others, by its own fence. */
  readonly quick?: boolean;
  /** Runs inside the transaction; may return further events and the reply. Runs again on a deadlock. */
  readonly write?: Write | undefined;
}

export interface Committed {
  /** `refused`: another attempt has it, or the run was cancelled; nothing of this one holds. */
  readonly outcome: 'committed' | 'refused';
  readonly lanes: readonly string[];
}

const REFUSED: Committed = { outcome: 'refused', lanes: [] };
/** The caller asks a second time because the first answer was lost. */
const COMMITTED_BEFORE: Committed = { outcome: 'committed', lanes: [] };

/** Ends a delivery with all its effects in one transaction, or with none; then settles the run if it was the last. */
export async function commit(pool: Pool, source: string, request: CommitRequest): Promise<Committed> {
  const committed = await commitOnce(pool, source, request);
  await reach('commit.done');
  if (committed.outcome === 'refused' || committed.lanes.length > 0) return committed;
  const settled = await settleOrLeave(pool, source, request.claim.run);
  return { outcome: 'committed', lanes: settled.lanes };
}

async function commitOnce(pool: Pool, source: string, request: CommitRequest): Promise<Committed> {
  let refused: Committed | undefined;
  let failure: unknown;
  try {
    const committed = await inTransaction(pool, (tx) => effects(tx, source, request));
    if (committed.outcome === 'committed') return committed;
    refused = committed;
  } catch (error) {
    failure = error;
  }
  return whatStands(pool, request.claim, { refused, failure });
}

/**
 * Never do it again: the row says whether it was done, by this asking or by an earlier one whose answer was lost.
 *
 * @throws the failure; CommitUnknown when it was refused and the row cannot be read
 */
export async function whatStands(
  pool: Pool,
  claim: Claim,
  { refused, failure }: { refused?: Committed | undefined; failure?: unknown },
): Promise<Committed> {
  const standing = await standingOf(pool, claim).catch((error: unknown) => new CommitUnknown(error));
  if (standing === 'done') return COMMITTED_BEFORE;
  // A late attempt may have failed on a key that the winner wrote.
  if (standing === 'lost') return REFUSED;
  if (refused === undefined) throw failure;
  // What an earlier asking committed is refused, too: its host would remove the files of what stands.
  if (standing !== 'held') throw standing;
  return refused;
}

/**
 * What has become of this very attempt. A fence is given once, so nobody else can have ended it. The lock waits for
 * a server session that lost its client and is still committing.
 */
async function standingOf(pool: Pool, claim: Claim): Promise<'done' | 'held' | 'lost'> {
  const { rows } = await pool.query<{ isMine: boolean; isDone: boolean }>(
    `select fence = $2 and (state = 'done' or (state = 'leased' and host = $3)) as "isMine", state = 'done' as "isDone"
     from ledger.delivery where id = $1 for share`,
    [claim.id, claim.fence, claim.host],
  );
  if (rows[0]?.isMine !== true) return 'lost';
  return rows[0].isDone ? 'done' : 'held';
}

async function effects(tx: PoolClient, source: string, request: CommitRequest): Promise<Committed> {
  const { claim } = request;
  const locked = await run<{ owner: string; state: string; kept: string[] }>(tx, LOCK_RUN, [claim.run]);
  await reach('commit.locked');
  const owned = locked.rows[0];
  if (owned === undefined || owned.state === 'cancelled') return undo(REFUSED);

  const written = await runWrite(tx, request.write);
  await reach('commit.written');
  const events = [...request.events, ...(written.events ?? [])];
  const types = [...new Set(events.map(({ type }) => type))];
  const joins = await lockJoins(tx, claim.run, types, owned.kept);

  const reply = written.reply ?? request.reply;
  const finished = await run(tx, FINISH, [
    claim.id,
    claim.fence,
    claim.host,
    reply === undefined ? null : jsonText(reply),
    jsonText(request.usage),
    request.write !== undefined,
  ]);
  if (finished.count !== 1) return undo(REFUSED);
  await reach('commit.fenced');

  await publishArtifacts(tx, request);
  await reach('commit.artifacts');
  if (request.promises !== undefined && request.promises.keys.length > 0) {
    await run(tx, PROMISE, [claim.run, request.promises.name, request.promises.keys, claim.id]);
  }
  const lanes = await recordEvents(
    tx,
    {
      run: claim.run,
      owner: owned.owner,
      source,
      origin: claim.id,
      cause: claim.id,
      firstOrdinal: 1,
      traceparent: request.traceparent,
      kept: owned.kept,
      events,
    },
    joins,
  );
  await reach('commit.recorded');
  return { outcome: 'committed', lanes };
}

async function publishArtifacts(tx: PoolClient, { claim, artifacts }: CommitRequest): Promise<void> {
  if (artifacts.length === 0) return;
  await run(tx, ARTIFACTS, [
    claim.run,
    claim.id,
    claim.function,
    claim.key,
    artifacts.map(({ name }) => name),
    artifacts.map(({ key }) => key),
    artifacts.map(({ type }) => type),
    artifacts.map(({ bytes }) => bytes),
    artifacts.map(({ sha256 }) => sha256),
  ]);
}
