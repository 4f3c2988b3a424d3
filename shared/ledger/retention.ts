import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import type { Transaction } from './handler-write.ts';
import { cancelRun, removeRun } from './runs.ts';
import { SCHEDULE_OWNER } from './schedules.ts';
import { createWalks, type Walks } from './walks.ts';

const RUN_OF_KEY = /^(?:runs|output)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//;
/** `runs/{run}/{delivery}/{fence}-{random}/{name}` */
const ATTEMPT_OF_KEY = /^runs\/[0-9a-f-]{36}\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//;

/** A run whose rows are gone; its objects are the caller's to remove. */
export interface RemovedRun {
  readonly run: string;
  /** Artifacts that nobody else has. */
  readonly keys: readonly string[];
  /** A replay of it lives on and may still read its input. */
  readonly hasForks: boolean;
}

/** A run that an erasure removes; its objects go first, so that what a crash interrupts is found again. */
export type DoomedRun = Pick<RemovedRun, 'run' | 'keys'>;

export interface ErasureView {
  readonly account: string;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  /** Runs erased so far. */
  readonly runs: number;
  readonly finishedAt?: Date;
}

/** What keeps the ledger small. Every call is bounded; call again while it answers that there is more. */
export interface LedgerRetention extends Walks {
  /** Removes runs that settled at least so long ago, oldest first. */
  removeExpired(request: { olderThanMs: number; limit: number }): Promise<readonly RemovedRun[]>;
  /**
   * Removes the runs of schedules, oldest first: those that completed at least so long ago, and those that failed seven
   * times as long ago. They are nobody's product.
   */
  removeTicks(request: { olderThanMs: number; limit: number }): Promise<readonly RemovedRun[]>;
  /**
   * Removes commands with all that followed from them, oldest first: those that ended well at least so long ago, and
   * those that did not seven times as long ago. What made artifacts stays. Answers how many went.
   */
  removeCommands(request: { olderThanMs: number; limit: number }): Promise<number>;
  /** Forgets kept answers past their time, and hosts that died 14 days ago; answers how many rows went. */
  forget(request: { limit: number }): Promise<number>;
  /** Of these object keys, those that no row names and no attempt can commit any more. */
  leftovers(keys: readonly string[]): Promise<readonly string[]>;
  /** Asks for all personal data of an account to go. Asking twice is one request; asking anew begins anew. */
  requestErasure(request: { account: string; by: string }): Promise<ErasureView>;
  /** Requests, unfinished ones first. */
  listErasures(): Promise<ErasureView[]>;
  /** Cancels some of the account's runs; answers them with the objects that they name. Their rows stay. */
  doomedRuns(request: { account: string; limit: number }): Promise<readonly DoomedRun[]>;
  /**
   * Removes the rows of these runs, whose objects are gone. Without any to remove it is `finished` once the account has no
   * run: who calls has removed all else by then.
   */
  eraseRuns(request: { account: string; runs: readonly string[] }): Promise<{
    removed: number;
    finished: boolean;
  }>;
}

export function createLedgerRetention({ pool }: { pool: Pool }): LedgerRetention {
  return {
    ...createWalks({ pool }),
    async removeExpired({ olderThanMs, limit }) {
      const { rows } = await pool.query<{ id: string }>(
        `select id from ledger.run
         where settled_at is not null and settled_at < ledger.ledger_now() - $1 * interval '1 millisecond'
         order by settled_at limit $2`,
        [olderThanMs, limit],
      );
      return removeAll(pool, rows);
    },
    async removeTicks({ olderThanMs, limit }) {
      const { rows } = await pool.query<{ id: string }>(
        `select id from ledger.run
         where owner = $1 and settled_at < ledger.ledger_now()
           - case state when 'completed' then 1 else 7 end * $2 * interval '1 millisecond'
         order by seq limit $3`,
        [SCHEDULE_OWNER, olderThanMs, limit],
      );
      return removeAll(pool, rows);
    },
    async removeCommands({ olderThanMs, limit }) {
      const { rows } = await pool.query<{ removed: number }>(REMOVE_COMMANDS, [olderThanMs, limit]);
      return rows[0]?.removed ?? 0;
    },
    async forget({ limit }) {
      const answers = await pool.query(
        `delete from ledger.answer where event in (
           select event from ledger.answer where kept_until < ledger.ledger_now() order by kept_until limit $1)`,
        [limit],
      );
      const hosts = await pool.query(
        `delete from ledger.host h where h.id in (
           select id from ledger.host where dead_at < ledger.ledger_now() - interval '14 days' limit $1
         ) and not exists (
           select from ledger.delivery d where d.open and d.later_at is null and d.host = h.id)`,
        [limit],
      );
      return (answers.rowCount ?? 0) + (hosts.rowCount ?? 0);
    },
    async leftovers(keys) {
      const asked = keys.flatMap((key) => {
        const run = RUN_OF_KEY.exec(key)?.[1];
        return run === undefined ? [] : [{ key, run, delivery: ATTEMPT_OF_KEY.exec(key)?.[1] ?? null }];
      });
      const { rows } = await pool.query<{ key: string }>(
        `select k.key from unnest($1::text[], $2::uuid[], $3::uuid[]) as k (key, run, delivery)
         where not exists (select from ledger.artifact a where a.object_key = k.key)
           and case when k.delivery is not null
             then not exists (select from ledger.delivery d where d.id = k.delivery and d.open)
             else not exists (select from ledger.run r where r.id = k.run)
               and not exists (select from ledger.run r where r.forked_from = k.run)
           end`,
        [asked.map(({ key }) => key), asked.map(({ run }) => run), asked.map(({ delivery }) => delivery)],
      );
      return rows.map(({ key }) => key);
    },
    async requestErasure({ account, by }) {
      await pool.query(REQUEST, [account, by]);
      await reach('erase.requested');
      const found = (await erasures(pool)).find((one) => one.account === account);
      if (found === undefined) throw new Error(`the erasure of ${account} was not recorded`);
      return found;
    },
    listErasures: () => erasures(pool),
    async doomedRuns({ account, limit }) {
      const { rows } = await pool.query<{ run: string; state: string; keys: string[] }>(
        `select r.id as run, r.state,
           array(select distinct a.object_key from ledger.artifact a where a.run = r.id) as keys
         from ledger.run r where r.owner = $1 order by r.seq desc limit $2`,
        [account, limit],
      );
      for (const { run, state } of rows) if (state === 'running') await cancelRun(pool, run);
      return rows.map(({ run, keys }) => ({ run, keys }));
    },
    async eraseRuns({ account, runs }) {
      const removed = await removeAll(
        pool,
        runs.map((id) => ({ id })),
      );
      if (removed.length > 0) await reach('erase.removed');
      const { rows: left } = await pool.query<{ finished: boolean }>(
        `update ledger.erasure e set runs = e.runs + $2, finished_at = case when $3 and not exists (
           select from ledger.run r where r.owner = $1
         ) then ledger.ledger_now() end
         where account = $1 and finished_at is null
         returning finished_at is not null as finished`,
        [account, removed.length, runs.length === 0],
      );
      return { removed: removed.length, finished: left[0]?.finished ?? runs.length === 0 };
    },
  };
}

/**
 * All rows of many runs at once: there are as many commands as people do things. Locked rows, and those that are being
 * reopened, are left for the next time. The kept answer goes with the reply that it would read.
 */
const REMOVE_COMMANDS = `
  with old as (
    select r.id from ledger.run r
    where r.settled_at < ledger.ledger_now() - $1 * interval '1 millisecond'
      and r.flow = 'command' and r.state <> 'running'
      and (r.state = 'completed' or r.settled_at < ledger.ledger_now() - 7 * $1 * interval '1 millisecond')
      and not exists (select from ledger.artifact a where a.run = r.id)
      and not exists (select from ledger.run f where f.forked_from = r.id)
      and not exists (select from ledger.delivery d where d.run = r.id and d.open)
    order by r.settled_at limit $2
    for update skip locked
  ),
  groups as (select id from ledger.join_group where run in (select id from old)),
  parts as (delete from ledger.join_part where group_id in (select id from groups)),
  keys as (delete from ledger.join_key where group_id in (select id from groups)),
  joins as (delete from ledger.join_group where run in (select id from old)),
  promises as (delete from ledger.promise where run in (select id from old)),
  attempts as (delete from ledger.attempt where run in (select id from old)),
  deliveries as (delete from ledger.delivery where run in (select id from old)),
  events as (delete from ledger.event where run in (select id from old) returning id),
  answers as (delete from ledger.answer where event in (select id from events)),
  gates as (delete from ledger.gate where run in (select id from old)),
  runs as (delete from ledger.run where id in (select id from old) returning id)
  select count(*)::int as removed from runs`;

const REQUEST = `
  insert into ledger.erasure (account, requested_by) values ($1, $2)
  on conflict (account) do update set
    requested_at = excluded.requested_at, requested_by = excluded.requested_by, finished_at = null
  where erasure.finished_at is not null`;

/** As `requestErasure`, in the transaction of what makes it necessary. */
export async function recordErasure(
  tx: Transaction,
  { account, by }: { account: string; by: string },
): Promise<void> {
  await tx.query(REQUEST, [account, by]);
}

/** Each run in a transaction of its own; one that was reopened meanwhile stays for the next time. */
async function removeAll(pool: Pool, runs: readonly { id: string }[]): Promise<readonly RemovedRun[]> {
  const removed: RemovedRun[] = [];
  for (const { id } of runs) {
    const gone = await removeRun(pool, id).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'run-open') return undefined;
      throw error;
    });
    if (gone === undefined) continue;
    removed.push({ run: id, ...gone });
  }
  return removed;
}

async function erasures(pool: Pool): Promise<ErasureView[]> {
  const { rows } = await pool.query<ErasureView & { finishedAt: Date | null }>(
    `select account, requested_at as "requestedAt", requested_by as "requestedBy", runs, finished_at as "finishedAt"
     from ledger.erasure order by finished_at nulls first, requested_at limit 1000`,
  );
  return rows.map(({ finishedAt, ...view }) => (finishedAt === null ? view : { ...view, finishedAt }));
}
