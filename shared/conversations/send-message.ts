import { createHash } from 'node:crypto';
import { Conflict } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { keepAttachments } from './attachments.ts';
import type { Attachment } from './fields.ts';
import { holdConversation, standingOf } from './membership.ts';
import { mentionedIn } from './mentions.ts';
import { tellOfMessage } from './news.ts';
import { keptApart, noText } from './refusals.ts';
import { wordsOf } from './search-words.ts';

/** Of one person, in all conversations together. */
const MOST_A_MINUTE = 60;

export interface NewMessage {
  /** Made by who sends it. */
  readonly id: string;
  readonly conversation: string;
  readonly author: string;
  readonly text: string;
  readonly replyTo: string | undefined;
  readonly attachments: readonly Attachment[];
}

export interface SentMessage {
  readonly seq: number;
  readonly mentions: readonly string[];
  /** It came before: nothing was done. */
  readonly isRepeated: boolean;
}

/**
 * Sends a message, once however often it is sent. Its number is the next of its conversation, for everybody.
 *
 * @throws HttpProblem 404; 403 `person-blocked`; 429 `messages-too-many`; 400 `message-empty`, and of what it refers to
 * @throws Conflict `message-id-taken`, `person-gone`
 */
export async function sendMessage(tx: Transaction, message: NewMessage): Promise<SentMessage> {
  const { id, conversation, author, text, replyTo } = message;
  const held = await holdConversation(tx, { account: author, conversation });
  if (text === '' && message.attachments.length === 0) throw noText();
  const hash = hashOf(message);
  const [known] = await tx.query<Earlier>(EARLIER, [id]);
  if (known !== undefined) return earlier(known, message, hash);

  if (held.kind === 'direct') await checkStanding(tx, message);
  await checkPace(tx, author);
  if (replyTo !== undefined) await checkReply(tx, { conversation, replyTo, sinceSeq: held.sinceSeq });
  const mentions = await mentionedIn(tx, { conversation, author, text });
  const attachments = await keepAttachments(tx, message);
  const seq = held.lastSeq + 1;
  const made = await tx.query(INSERT, [
    ...[id, conversation, seq, author, text, JSON.stringify(attachments), mentions, replyTo ?? null, hash],
    wordsOf(text).map((word) => `${held.number}:${word}`),
  ]);
  // Sent to another conversation at this very moment.
  if (made.length === 0) throw idTaken();
  await tellOfMessage(tx, { type: 'message.sent', message: id, by: author });
  return { seq, mentions, isRepeated: false };
}

interface Earlier {
  readonly seq: number;
  readonly author: string | null;
  readonly conversation: string;
  readonly hash: Buffer | null;
  readonly mentions: readonly string[];
}

/** One that was deleted since is answered as it is now: its text is known to nobody any more. */
function earlier(known: Earlier, message: NewMessage, hash: Buffer): SentMessage {
  const isSame =
    known.author === message.author &&
    known.conversation === message.conversation &&
    (known.hash === null || known.hash.equals(hash));
  if (!isSame) throw idTaken();
  return { seq: known.seq, mentions: known.mentions, isRepeated: true };
}

function idTaken(): Conflict {
  return new Conflict('message-id-taken', 'Another message has this id; make a new one.', { field: 'id' });
}

function hashOf({ conversation, text, replyTo, attachments }: NewMessage): Buffer {
  const parts = attachments.map((one) =>
    one.kind === 'picture' ? [one.picture] : [one.pipeline, one.name, one.part ?? null],
  );
  return createHash('sha256')
    .update(JSON.stringify([conversation, text, replyTo ?? null, parts]))
    .digest();
}

async function checkStanding(tx: Transaction, { conversation, author }: NewMessage): Promise<void> {
  const standing = await standingOf(tx, { conversation, account: author });
  if (standing === 'blocked') throw keptApart();
  if (standing === 'alone')
    throw new Conflict('person-gone', 'The other person has deleted the account: nobody would read this.');
}

async function checkPace(tx: Transaction, author: string): Promise<void> {
  const [recent] = await tx.query<{ sent: number; seconds: number }>(RECENT, [author, MOST_A_MINUTE]);
  if (recent === undefined || recent.sent < MOST_A_MINUTE) return;
  const seconds = Math.max(1, recent.seconds);
  throw new HttpProblem({
    status: 429,
    code: 'messages-too-many',
    detail: `At most ${MOST_A_MINUTE} messages are sent a minute; wait ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

async function checkReply(
  tx: Transaction,
  asked: { conversation: string; replyTo: string; sinceSeq: number },
): Promise<void> {
  const found = await tx.query(REPLIED, [asked.replyTo, asked.conversation, asked.sinceSeq]);
  if (found.length > 0) return;
  const message = 'There is no such message in this conversation.';
  const errors = [{ field: 'replyTo', message }];
  throw new HttpProblem({ status: 400, code: 'reply-unknown', detail: message, errors });
}

const EARLIER = `
  select seq, author, conversation, sent_hash as hash, mentions from people.message where id = $1::uuid`;

export const RECENT = `
  select count(*)::int as sent,
    ceil(extract(epoch from min(sent_at) + interval '1 minute' - ledger.ledger_now()))::int as seconds
  from (
    select sent_at from people.message
    where author = $1::uuid and sent_at > ledger.ledger_now() - interval '1 minute'
    order by sent_at desc limit $2::int
  ) recent`;

const REPLIED = `
  select from people.message where id = $1::uuid and conversation = $2::uuid and seq > $3::int`;

/** With the first message, whoever is written to sees the conversation. What one says oneself is not unread. */
const INSERT = `
  with made as (
    insert into people.message (id, conversation, seq, author, text, attachments, mentions, reply_to, sent_hash, words)
    values ($1::uuid, $2::uuid, $3::int, $4::uuid, $5, $6::jsonb, $7::uuid[], $8::uuid, $9, array_to_tsvector($10::text[]))
    on conflict (id) do nothing returning sent_at
  ), numbered as (
    update people.conversation set last_seq = $3::int, active_at = made.sent_at from made where id = $2::uuid
  ), own as (
    update people.participant set skipped = skipped + 1, shown = true from made
    where conversation = $2::uuid and account = $4::uuid
  ), shown as (
    update people.participant set shown = true from made
    where conversation = $2::uuid and account <> $4::uuid and $3::int = 1
  )
  select from made`;
