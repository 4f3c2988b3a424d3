import { isAccountId } from '#shared/accounts';
import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import { dropPictures } from '#shared/pictures';
import { amend, publish } from '#shared/realtime';
import { hearersOf, isFirst, standingOf } from './membership.ts';
import { mentionedIn } from './mentions.ts';
import { CARRY_TEXT, tellOfMessage } from './news.ts';
import { forbidden, keptApart, noMessage, noText, versionChanged } from './refusals.ts';
import { wordsOf } from './search-words.ts';

/** A message is what it is after a day. */
const EDIT_HOURS = 24;

/** Which message, and who does something with it. */
export interface OfMessage {
  readonly account: string;
  readonly message: string;
}

/** A message that somebody may see, held until the commit. */
interface HeldMessage {
  readonly conversation: string;
  readonly kind: 'direct' | 'group';
  readonly number: bigint;
  readonly seq: number;
  readonly isAuthor: boolean;
  readonly isOwner: boolean;
  readonly isDeleted: boolean;
  readonly isOld: boolean;
  readonly hasAttachments: boolean;
  readonly version: number;
}

/** @throws HttpProblem 404 */
async function hold(tx: Transaction, { account, message }: OfMessage): Promise<HeldMessage> {
  if (!isAccountId(account)) throw noMessage();
  const [held] = await tx.query<HeldMessage>(HOLD_MESSAGE, [message, account, EDIT_HOURS]);
  if (held === undefined) throw noMessage();
  return held;
}

/**
 * A message that somebody may answer with something: not deleted, and the two of a direct conversation still speak.
 *
 * @throws HttpProblem 404; 403 `person-blocked`; Conflict `message-deleted`
 */
export async function holdLiving(tx: Transaction, of: OfMessage): Promise<HeldMessage> {
  const held = await hold(tx, of);
  if (held.isDeleted) throw new Conflict('message-deleted', 'This message was deleted.');
  if (held.kind === 'direct') {
    const { conversation } = held;
    if ((await standingOf(tx, { conversation, account: of.account })) === 'blocked') throw keptApart();
  }
  return held;
}

/**
 * Changes a text, for all.
 *
 * @param request `versions`: it must be one of these; any where left out
 * @throws HttpProblem 404; 403 `not-author`, `person-blocked`; 412; Conflict `message-deleted`, `edit-too-late`
 */
export async function editMessage(
  tx: Transaction,
  request: OfMessage & { text: string; versions: readonly number[] | undefined },
): Promise<{ version: number }> {
  const { account, message, text, versions } = request;
  const held = await holdLiving(tx, request);
  const { conversation, number, version } = held;
  if (!held.isAuthor) throw forbidden('not-author', 'Only its author changes a message.');
  if (held.isOld)
    throw new Conflict('edit-too-late', `A message is changed within ${EDIT_HOURS} hours; send another one.`);
  if (versions !== undefined && !versions.includes(version)) throw versionChanged();
  if (text === '' && !held.hasAttachments) throw noText();
  await tx.query(EDIT, [
    ...[message, text, await mentionedIn(tx, { conversation, author: account, text })],
    wordsOf(text).map((word) => `${number}:${word}`),
  ]);
  await amend(tx, { id: message, types: CARRY_TEXT, changes: { text } });
  await tellOfMessage(tx, { type: 'message.edited', message, by: account });
  return { version: version + 1 };
}

/**
 * Deletes a message for all: its place in the order stays. Its author may, and a group's owner. Undefined where it is
 * deleted already.
 *
 * @throws HttpProblem 404; 403 `not-author`
 */
export async function deleteMessage(
  tx: Transaction,
  of: OfMessage,
): Promise<{ conversation: string } | undefined> {
  const held = await hold(tx, of);
  const { conversation, seq } = held;
  if (!held.isAuthor && !(held.isOwner && held.kind === 'group'))
    throw forbidden('not-author', 'Only its author, or the owner of the group, deletes a message.');
  if (held.isDeleted) return undefined;
  await tx.query(DELETE, [of.message, conversation, seq]);
  await dropPictures(tx, { kind: 'message', of: of.message });
  await amend(tx, {
    id: of.message,
    types: CARRY_TEXT,
    changes: { text: '', attachments: [], mentions: [] },
  });
  const to = await hearersOf(tx, { conversation, seq });
  await publish(tx, { to, type: 'message.deleted', data: { conversation, message: of.message, seq } });
  return { conversation };
}

/** Its conversation is held too, and first: what happens in one happens in one order, for all. */
export const HOLD_MESSAGE = `
  select c.id as conversation, c.kind, c.number, m.seq, m.version,
    m.author is not distinct from $2::uuid as "isAuthor",
    ${isFirst('p')} as "isOwner",
    m.deleted_at is not null as "isDeleted",
    m.sent_at < ledger.ledger_now() - $3::int * interval '1 hour' as "isOld",
    m.attachments <> '[]' as "hasAttachments"
  from people.message m
  join people.conversation c on c.id = m.conversation
  join people.participant p on p.conversation = c.id and p.account = $2::uuid and p.since_seq < m.seq
  where m.id = $1::uuid
  for update of c for update of m for key share of p`;

const EDIT = `
  update people.message
  set text = $2, mentions = $3::uuid[], words = array_to_tsvector($4::text[]), version = version + 1,
    edited_at = ledger.ledger_now()
  where id = $1::uuid`;

/** Whoever has not read so far has one message less to read; its author never had. */
const DELETE = `
  with gone as (
    update people.message
    set text = '', attachments = '[]', mentions = '{}', sent_hash = null, words = '', version = version + 1,
      deleted_at = ledger.ledger_now()
    where id = $1::uuid returning author
  ), unread as (
    update people.participant p set skipped = p.skipped + 1 from gone
    where p.conversation = $2::uuid and p.read_seq < $3::int and p.account is distinct from gone.author
  )
  delete from people.reaction where message = $1::uuid`;
