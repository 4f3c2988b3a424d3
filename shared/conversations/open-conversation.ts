import { isAccountId } from '#shared/accounts';
import { Conflict } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { tellOfChange } from './news.ts';

export interface OpenedConversation {
  readonly conversation: string;
  /** False: it was there already. */
  readonly isNew: boolean;
  /** Those who were brought into it; in a conversation of two nobody is before the first message. */
  readonly members: readonly string[];
}

/**
 * Opens the conversation of two; there is one, whoever begins and however many do at once.
 *
 * @throws HttpProblem 404, also where the other has blocked one; Conflict `person-oneself`, `person-blocked`
 */
export async function openDirect(
  tx: Transaction,
  { id, account, other }: { id: string; account: string; other: string },
): Promise<OpenedConversation> {
  if (!isAccountId(account)) throw notFound('account');
  if (account === other)
    throw new Conflict('person-oneself', 'This is you; name somebody else.', { field: 'with' });
  const known = await pairOf(tx, account, other);
  if (known !== undefined) return await shown(tx, known, account);
  await checkOther(tx, account, other);
  const made = await tx.query(OPEN_DIRECT, [id, account, other]);
  if (made.length === 0) {
    const faster = await pairOf(tx, account, other);
    if (faster === undefined) throw notFound('user');
    return await shown(tx, faster, account);
  }
  await tx.query(JOIN_DIRECT, [id, account, other]);
  await publish(tx, { to: [account], type: 'conversation.opened', data: { conversation: id } });
  return { conversation: id, isNew: true, members: [] };
}

async function pairOf(tx: Transaction, account: string, other: string): Promise<string | undefined> {
  const [found] = await tx.query<{ id: string }>(PAIR, [account, other]);
  return found?.id;
}

/** Whoever was not written to yet sees it too, once he opens it himself. */
async function shown(tx: Transaction, conversation: string, account: string): Promise<OpenedConversation> {
  const newly = await tx.query(SHOW, [conversation, account]);
  if (newly.length > 0)
    await publish(tx, { to: [account], type: 'conversation.opened', data: { conversation } });
  return { conversation, isNew: false, members: [] };
}

/**
 * Opens a group.
 *
 * @throws HttpProblem 404 `member-unknown`: nobody, or one of the two has blocked the other
 */
export async function openGroup(
  tx: Transaction,
  { id, account, title, members }: { id: string; account: string; title: string; members: readonly string[] },
): Promise<OpenedConversation> {
  if (!isAccountId(account)) throw notFound('account');
  const others = [...new Set(members)].filter((member) => member !== account);
  const found = await tx.query<{ id: string }>(REACHABLE, [account, others]);
  const reachable = new Set(found.map((person) => person.id));
  const missing = members.findIndex((member) => member !== account && !reachable.has(member));
  if (missing >= 0) throw noMember(missing);
  const made = await tx.query(OPEN_GROUP, [id, account, title]);
  if (made.length === 0) throw notFound('account');
  await tx.query(JOIN_GROUP, [id, [account, ...others]]);
  await tellOfChange(tx, { conversation: id, version: 1 });
  return { conversation: id, isNew: true, members: others };
}

async function checkOther(tx: Transaction, account: string, other: string): Promise<void> {
  const [found] = await tx.query<{ blocked: boolean; blocks: boolean }>(OTHER, [account, other]);
  // Whoever blocked one is not there.
  if (found === undefined || found.blocks) throw notFound('user');
  if (found.blocked)
    throw new Conflict('person-blocked', 'You have blocked this person; end that first.', { field: 'with' });
}

function noMember(at: number): HttpProblem {
  const message = 'There is nobody of this id whom you can bring into it.';
  const errors = [{ field: `members.${at}`, message }];
  return new HttpProblem({ status: 404, code: 'member-unknown', detail: message, errors });
}

const PAIR = `
  select id from people.conversation
  where first = least($1::uuid, $2::uuid) and second = greatest($1::uuid, $2::uuid)`;

const OTHER = `
  select
    exists (select from people.block where blocker = $1::uuid and blocked = a.id) as blocked,
    exists (select from people.block where blocker = a.id and blocked = $1::uuid) as blocks
  from people.account a where a.id = $2::uuid`;

/** Of many at once the others wait here for the one that goes on. Nobody, where one of the two is gone. */
const OPEN_DIRECT = `
  insert into people.conversation (id, kind, first, second)
  select $1::uuid, 'direct', least($2::uuid, $3::uuid), greatest($2::uuid, $3::uuid)
  where (select count(*) from people.account where id in ($2::uuid, $3::uuid)) = 2
  on conflict (first, second) do nothing returning id`;

const JOIN_DIRECT = `
  insert into people.participant (conversation, account, shown)
  values ($1::uuid, $2::uuid, true), ($1::uuid, $3::uuid, false)`;

const SHOW = `
  update people.participant set shown = true where conversation = $1::uuid and account = $2::uuid and not shown
  returning account`;

/** Nobody whom one has blocked, or who has blocked one. */
const REACHABLE = `
  select a.id from people.account a
  where a.id = any($2::uuid[]) and not exists (
    select from people.block b
    where (b.blocker = $1::uuid and b.blocked = a.id) or (b.blocker = a.id and b.blocked = $1::uuid)
  )`;

const OPEN_GROUP = `
  insert into people.conversation (id, kind, title)
  select $1::uuid, 'group', $3 from people.account where id = $2::uuid returning id`;

/** In the order in which they are named: the first is the owner. */
const JOIN_GROUP = `
  insert into people.participant (conversation, account)
  select $1::uuid, account from unnest($2::uuid[]) with ordinality as named (account, at) order by at`;
