import { isAccountId } from '#shared/accounts';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { standingOf } from './membership.ts';
import { noConversation } from './refusals.ts';

/** In a larger group only one's own devices hear how far one has read: all would hear of all, with every message. */
const MOST_WATCHED = 32;

export interface ReadMark {
  /** Number of the last message that is read. */
  readonly read: number;
  readonly unread: number;
}

/**
 * Says how far somebody has read; only forward, whichever of his devices is late, and no further than there are messages.
 *
 * @throws HttpProblem 404
 */
export async function markRead(
  tx: Transaction,
  { account, conversation, seq }: { account: string; conversation: string; seq: number },
): Promise<ReadMark> {
  if (!isAccountId(account)) throw noConversation();
  const held = await tx.query(HOLD_OWN, [conversation, account]);
  if (held.length === 0) throw noConversation();
  const moved = await tx.query<ReadMark & { kind: string }>(MOVE, [conversation, account, seq]);
  const [mark] =
    moved.length > 0 ? moved : await tx.query<ReadMark & { kind: string }>(MARK, [conversation, account]);
  if (mark === undefined) throw noConversation();
  const { read, unread, kind } = mark;
  if (moved.length > 0) {
    const to = await watchersOf(tx, { account, conversation, kind });
    await publish(tx, { to, type: 'read.marked', data: { conversation, user: account, read } });
  }
  return { read, unread };
}

async function watchersOf(
  tx: Transaction,
  { account, conversation, kind }: { account: string; conversation: string; kind: string },
): Promise<readonly string[]> {
  if (kind === 'direct' && (await standingOf(tx, { conversation, account })) !== 'good') return [account];
  const found = await tx.query<{ account: string }>(WATCHERS, [conversation, MOST_WATCHED + 1]);
  return found.length > MOST_WATCHED ? [account] : found.map((row) => row.account);
}

const HOLD_OWN = `
  select account from people.participant where conversation = $1::uuid and account = $2::uuid for no key update`;

/** A statement of its own, after the lock: it sees all that counted in this row. */
export const MOVE = `
  with asked as (
    select c.id, c.kind, c.last_seq, least($3::int, c.last_seq) as read,
      (select count(*)::int from people.message m
       where m.conversation = c.id and m.seq > least($3::int, c.last_seq)
         and (m.author = $2::uuid or m.deleted_at is not null)) as skipped
    from people.conversation c where c.id = $1::uuid
  )
  update people.participant p set read_seq = asked.read, skipped = asked.skipped from asked
  where p.conversation = asked.id and p.account = $2::uuid and p.read_seq < asked.read
  returning asked.kind, asked.read, asked.last_seq - asked.read - asked.skipped as unread`;

export const MARK = `
  select c.kind, p.read_seq as read, c.last_seq - p.read_seq - p.skipped as unread
  from people.participant p join people.conversation c on c.id = p.conversation
  where p.conversation = $1::uuid and p.account = $2::uuid`;

const WATCHERS = `
  select account from people.participant where conversation = $1::uuid and shown limit $2::int`;
