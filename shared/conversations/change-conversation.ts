import { Conflict } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { publish, retract } from '#shared/realtime';
import { MOST_MEMBERS } from './fields.ts';
import { holdConversation, type Membership } from './membership.ts';
import { CARRY_TEXT, tellOfChange } from './news.ts';
import { forbidden, notOfDirect, versionChanged } from './refusals.ts';

/** Which conversation, and who changes something of it. */
interface OfConversation {
  readonly account: string;
  readonly conversation: string;
}

/**
 * Calls a group something else.
 *
 * @param request `versions`: it must be one of these; any where left out
 * @throws HttpProblem 404; 403 `not-owner`; 412; Conflict `conversation-direct`
 */
export async function renameConversation(
  tx: Transaction,
  request: OfConversation & { title: string; versions: readonly number[] | undefined },
): Promise<{ version: number }> {
  const { conversation, title, versions } = request;
  const held = await holdConversation(tx, request);
  if (held.kind === 'direct') throw notOfDirect('has no title');
  checkOwner(held);
  if (versions !== undefined && !versions.includes(held.version)) throw versionChanged();
  await tx.query('update people.conversation set title = $2 where id = $1::uuid', [conversation, title]);
  return { version: await changed(tx, conversation, held) };
}

/**
 * Brings somebody into a group: he sees what is said from then on. Answers whether he was not in it yet.
 *
 * @throws HttpProblem 404; 403 `not-owner`; Conflict `conversation-direct`, `members-too-many`
 */
export async function addMember(
  tx: Transaction,
  request: OfConversation & { user: string },
): Promise<boolean> {
  const { account, conversation, user } = request;
  const held = await holdConversation(tx, request);
  if (held.kind === 'direct') throw notOfDirect('has no further members');
  checkOwner(held);
  const [standing] = await tx.query<Standing>(NEWCOMER, [conversation, account, user]);
  if (standing === undefined) throw notFound('user');
  if (standing.isMember) return false;
  if (standing.members >= MOST_MEMBERS)
    throw new Conflict('members-too-many', `A group has at most ${MOST_MEMBERS} members.`);
  await tx.query(JOIN, [conversation, user, held.lastSeq]);
  await changed(tx, conversation, held);
  return true;
}

/**
 * Takes somebody out of a group, or leaves it: afterwards it is as if it had never been there for him. Answers whether he
 * was in it.
 *
 * @throws HttpProblem 404; 403 `not-owner`; Conflict `conversation-direct`
 */
export async function removeMember(
  tx: Transaction,
  request: OfConversation & { user: string },
): Promise<boolean> {
  const { account, conversation, user } = request;
  const held = await holdConversation(tx, request);
  if (held.kind === 'direct') throw notOfDirect('is not left');
  if (user !== account) checkOwner(held);
  const gone = await tx.query(LEAVE, [conversation, user]);
  if (gone.length === 0) return false;
  const version = await changed(tx, conversation, held);
  const left = { type: 'conversation.left', data: { conversation, version } } as const;
  await publish(tx, { to: [user], ...left });
  // He may come back with an old cursor, and what was said may be said otherwise until then.
  await retract(tx, { account: user, conversation, types: CARRY_TEXT, as: left });
  return true;
}

function checkOwner({ isOwner }: Membership): void {
  if (!isOwner)
    throw forbidden('not-owner', 'Only the owner of the group, who is in it for longest, does this.');
}

async function changed(tx: Transaction, conversation: string, held: Membership): Promise<number> {
  const version = held.version + 1;
  await tx.query('update people.conversation set version = $2::int where id = $1::uuid', [
    conversation,
    version,
  ]);
  await tellOfChange(tx, { conversation, version });
  return version;
}

interface Standing {
  readonly isMember: boolean;
  readonly members: number;
}

/** Nobody where one of the two, the owner and the newcomer, has blocked the other. */
const NEWCOMER = `
  select
    exists (select from people.participant where conversation = $1::uuid and account = a.id) as "isMember",
    (select count(*)::int from people.participant where conversation = $1::uuid) as members
  from people.account a
  where a.id = $3::uuid and not exists (
    select from people.block b
    where (b.blocker = $2::uuid and b.blocked = a.id) or (b.blocker = a.id and b.blocked = $2::uuid)
  )`;

const JOIN = `
  insert into people.participant (conversation, account, since_seq, read_seq)
  values ($1::uuid, $2::uuid, $3::int, $3::int)`;

const LEAVE = `
  delete from people.participant where conversation = $1::uuid and account = $2::uuid returning account`;
