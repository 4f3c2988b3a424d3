import { isAccountId } from '#shared/accounts';
import type { Transaction } from '#shared/ledger';
import { noConversation } from './refusals.ts';

/** Somebody's part in a conversation, as it is held until the commit. */
export interface Membership {
  readonly kind: 'direct' | 'group';
  readonly number: bigint;
  readonly lastSeq: number;
  readonly version: number;
  readonly sinceSeq: number;
  readonly isOwner: boolean;
}

/**
 * Holds a conversation: nobody else sends to it or changes it until the commit.
 *
 * @throws HttpProblem 404 where one does not take part
 */
export async function holdConversation(
  tx: Transaction,
  { account, conversation }: { account: string; conversation: string },
): Promise<Membership> {
  if (!isAccountId(account)) throw noConversation();
  const [held] = await tx.query<Membership>(HOLD, [conversation, account]);
  if (held === undefined) throw noConversation();
  return held;
}

/** SQL: whether this participant of the conversation `c` is in it for longest, of those whose account has not ended. */
export function isFirst(participant: string): string {
  return `not exists (
      select from people.participant before join people.account there on there.id = before.account
      where before.conversation = c.id and before.place < ${participant}.place
    )`;
}

/** Who is taken out of it meanwhile is found to be gone: his own row is looked at again once the lock is held. */
export const HOLD = `
  select c.kind, c.number, c.last_seq as "lastSeq", c.version, p.since_seq as "sinceSeq",
    ${isFirst('p')} as "isOwner"
  from people.conversation c join people.participant p on p.conversation = c.id
  where c.id = $1::uuid and p.account = $2::uuid
  for update of c for key share of p`;

/** Those who hear of what was said at `seq`: who came later does not. */
export async function hearersOf(
  tx: Transaction,
  { conversation, seq }: { conversation: string; seq: number },
): Promise<readonly string[]> {
  const rows = await tx.query<{ account: string }>(HEARERS, [conversation, seq]);
  return rows.map(({ account }) => account);
}

export const HEARERS = `
  select account from people.participant where conversation = $1::uuid and since_seq < $2::int order by account`;

/** How the two of a direct conversation stand to each other. */
export async function standingOf(
  tx: Transaction,
  { conversation, account }: { conversation: string; account: string },
): Promise<'good' | 'blocked' | 'alone'> {
  const [other] = await tx.query<{ blocked: boolean }>(STANDING, [conversation, account]);
  if (other === undefined) return 'alone';
  return other.blocked ? 'blocked' : 'good';
}

export const STANDING = `
  select exists (
    select from people.block b
    where (b.blocker = $2::uuid and b.blocked = o.account) or (b.blocker = o.account and b.blocked = $2::uuid)
  ) as blocked
  -- Who ended his account takes part until the erasure comes to it.
  from people.participant o join people.account a on a.id = o.account
  where o.conversation = $1::uuid and o.account <> $2::uuid`;
