import pg, { type Pool, type PoolClient } from 'pg';
import { Conflict, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import type { CommandIds } from './command-ids.ts';
import { runWrite, type Write, type WriteResult } from './handler-write.ts';
import { jsonText } from './json-text.ts';
import type { NewEvent } from './model.ts';
import { lockJoins, recordEvents } from './record-events.ts';
import { settleOrLeave } from './settle.ts';
import { statement } from './statement.ts';
import { CommitUnknown, inTransaction, inTransactionTo, run, undo } from './transaction.ts';

const LOCK = statement('command-lock');
const KEPT = statement('command-kept');
const RECORD = statement('command-record');
const REFUSE = statement('command-refuse');

/** A command whose `handle` is done and whose transaction is to come. */
export interface CommandRecord {
  readonly ids: CommandIds;
  readonly type: string;
  readonly function: string;
  readonly lane: string;
  readonly owner: string;
  /** Without its secrets. */
  readonly data: unknown;
  /** Of a request with an `Idempotency-Key`: its answer is kept. */
  readonly requestHash: string | undefined;
  readonly traceparent?: string | undefined;
  readonly wallMs: number;
  readonly events: readonly NewEvent[];
  readonly reply?: unknown;
  readonly write?: Write | undefined;
  /** What of a reply is stored: all but its secrets. */
  readonly storable: (reply: unknown) => unknown;
}

/** An answer that was given before. */
export interface KeptAnswer {
  readonly status: number;
  /** The reply, or the problem of a refusal. */
  readonly body: unknown;
  readonly requestHash: string;
}

export type CommandResult =
  | { readonly kind: 'done'; readonly reply: unknown }
  | { readonly kind: 'kept'; readonly answer: KeptAnswer };

/** What the host of commands does with the ledger. */
export interface CommandLedger {
  /** The answer that stands for a command with an `Idempotency-Key`. */
  kept(event: string): Promise<KeptAnswer | undefined>;
  /**
   * One transaction: `write`, event, finished delivery, emitted events with their deliveries, reply.
   *
   * @throws Conflict `command-under-way` (wait and send it again), `idempotency-key-old`; Transient `database-busy`,
   *   `commit-unknown`; whatever `write` throws: then nothing of it holds
   */
  commit(record: CommandRecord): Promise<CommandResult>;
  /** Keeps a domain refusal; answers what stands, which may be the answer of a request that was faster. */
  refuse(refusal: { event: string; answer: KeptAnswer }): Promise<KeptAnswer>;
}

/** @param wake told of the lanes for which new work became due */
export function createCommandLedger(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): CommandLedger {
  const { pool, source, wake } = options;
  return {
    kept: (event) => readKept(pool, event),
    async commit(record) {
      const { result, lanes, isOpen } = await commitOnce(pool, source, record);
      await reach('command.done');
      wake(lanes);
      if (isOpen && lanes.length === 0) wake((await settleOrLeave(pool, source, record.ids.run)).lanes);
      return result;
    },
    refuse: ({ event, answer }) =>
      inTransaction(pool, async (tx) => {
        await lockCommand(tx, event);
        const standing = await readKept(tx, event);
        if (standing !== undefined) return undo(standing);
        await run(tx, REFUSE, [event, answer.status, jsonText(answer.body), answer.requestHash]);
        return answer;
      }),
  };
}

interface Committed {
  readonly result: CommandResult;
  readonly lanes: readonly string[];
  /** Whether its run has still to settle. */
  readonly isOpen: boolean;
}

async function commitOnce(pool: Pool, source: string, record: CommandRecord): Promise<Committed> {
  let made: Committed | undefined;
  try {
    return await inTransactionTo(pool, async (tx) => {
      const { answer, last } = await effects(tx, source, record);
      made = answer;
      return { answer, last };
    });
  } catch (error) {
    if (error instanceof CommitUnknown && made !== undefined && (await stands(pool, record.ids))) return made;
    throw explained(error);
  }
}

/** Whether the row is there after a commit whose answer was lost; the lock waits for a session still committing. */
function stands(pool: Pool, ids: CommandIds): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await lockCommand(tx, ids.event);
    const { rowCount } = await tx.query('select from ledger.delivery where id = $1', [ids.delivery]);
    return rowCount === 1;
  });
}

async function effects(
  tx: PoolClient,
  source: string,
  record: CommandRecord,
): Promise<{ answer: Committed; last: Promise<unknown> }> {
  const { ids, owner } = record;
  const written = await writeOnce(tx, record);
  const reply = written.reply ?? record.reply;
  const events = [...record.events, ...(written.events ?? [])];
  const joins = await lockJoins(tx, ids.run, [...new Set(events.map(({ type }) => type))]);
  const lanes = await recordEvents(
    tx,
    {
      run: ids.run,
      owner,
      source,
      origin: ids.delivery,
      cause: ids.delivery,
      firstOrdinal: 1,
      traceparent: record.traceparent,
      events,
    },
    joins,
  );
  const isOpen = lanes.length > 0 || joins.length > 0;
  const stored = reply === undefined ? undefined : record.storable(reply);
  await reach('command.written');
  const last = run(tx, RECORD, [
    ...[ids.run, ids.event, ids.delivery, owner, record.type, source, record.function, record.lane],
    isOpen ? 'running' : 'completed',
    jsonText(record.data),
    stored === undefined ? null : jsonText(stored),
    jsonText({ wallMs: Math.round(record.wallMs) }),
    record.traceparent ?? null,
    Math.round(record.wallMs),
    record.requestHash ?? null,
    reply === undefined ? 204 : 200,
  ]);
  return { answer: { result: { kind: 'done', reply }, lanes, isOpen }, last };
}

/** Its own rows, under the lock of its event. A command without a key is nobody else's: its rows wait for no answer. */
async function writeOnce(tx: PoolClient, { ids, requestHash, write }: CommandRecord): Promise<WriteResult> {
  const locked = lockCommand(tx, ids.event);
  locked.catch(() => undefined);
  if (requestHash !== undefined) {
    // Sent together: the second waits in the server for the lock of the first, with a snapshot of its own.
    const [, kept] = await Promise.all([locked, readKept(tx, ids.event)]);
    if (kept !== undefined) undo({ result: { kind: 'kept', answer: kept }, lanes: [], isOpen: false });
  }
  try {
    return await runWrite(tx, write, locked);
  } finally {
    // Where it failed, that is why the rest did.
    await locked;
  }
}

async function lockCommand(tx: PoolClient, event: string): Promise<void> {
  try {
    await run(tx, LOCK, [lockKey(event)]);
  } catch (error) {
    if (codeOf(error) !== LOCK_TIMEOUT) throw error;
    throw new Conflict(
      'command-under-way',
      'A request with this Idempotency-Key is still being answered; send it again in 2 s.',
      { retryAfterMs: 2_000 },
    );
  }
}

/** 64 bits of the event's id, signed. */
function lockKey(event: string): string {
  const hex = event.replaceAll('-', '').slice(0, 16);
  return BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();
}

async function readKept(on: Pool | PoolClient, event: string): Promise<KeptAnswer | undefined> {
  const { rows } = await run<{ status: number; body: unknown; requestHash: string }>(on, KEPT, [event]);
  const [row] = rows;
  return row === undefined ? undefined : { ...row, body: row.body ?? undefined };
}

const LOCK_TIMEOUT = '55P03';

function codeOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

function explained(error: unknown): unknown {
  switch (codeOf(error)) {
    case LOCK_TIMEOUT:
    case '57014':
      return new Transient('database-busy', 'Another change of the same rows takes too long.', {
        cause: error,
      });
    case '23505':
      if (!/^(run|event)_pkey$/.test((error as pg.DatabaseError).constraint ?? '')) return error;
      return new Conflict(
        'idempotency-key-old',
        'This Idempotency-Key was used more than a day ago and its answer is no longer kept; use a new key.',
        { field: 'Idempotency-Key' },
      );
    default:
      return error;
  }
}
