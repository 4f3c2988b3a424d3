import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { holdLiving, type OfMessage } from './change-message.ts';
import { hearersOf } from './membership.ts';

/** Different ones at one message. */
const MOST_EMOJI = 20;

/**
 * Gives an emoji to a message, once; answers whether it was not there yet.
 *
 * @throws HttpProblem 404; 403 `person-blocked`; Conflict `message-deleted`, `reactions-too-many`
 */
export async function react(tx: Transaction, request: OfMessage & { emoji: string }): Promise<boolean> {
  const { account, message, emoji } = request;
  const { conversation, seq } = await holdLiving(tx, request);
  const made = await tx.query(REACT, [message, emoji, account, MOST_EMOJI]);
  if (made.length === 0) {
    const [own] = await tx.query(OWN, [message, emoji, account]);
    if (own !== undefined) return false;
    throw new Conflict(
      'reactions-too-many',
      `There are ${MOST_EMOJI} different reactions; take one of them.`,
      {
        field: 'path.emoji',
      },
    );
  }
  await tell(tx, { ...request, conversation, seq, state: 'given' });
  return true;
}

/**
 * Takes it back; answers whether it was there.
 *
 * @throws HttpProblem 404; 403 `person-blocked`; Conflict `message-deleted`
 */
export async function withdrawReaction(
  tx: Transaction,
  request: OfMessage & { emoji: string },
): Promise<boolean> {
  const { account, message, emoji } = request;
  const { conversation, seq } = await holdLiving(tx, request);
  const gone = await tx.query(WITHDRAW, [message, emoji, account]);
  if (gone.length > 0) await tell(tx, { ...request, conversation, seq, state: 'withdrawn' });
  return gone.length > 0;
}

async function tell(
  tx: Transaction,
  told: OfMessage & { emoji: string; conversation: string; seq: number; state: 'given' | 'withdrawn' },
): Promise<void> {
  const { account: user, message, emoji, conversation, seq, state } = told;
  const [counted] = await tx.query<{ count: number }>(COUNT, [message, emoji]);
  const data = { conversation, message, seq, user, emoji, state, count: counted?.count ?? 0 };
  await publish(tx, { to: await hearersOf(tx, { conversation, seq }), type: 'reaction.changed', data });
}

/** The message is held: nobody adds another one meanwhile. */
const REACT = `
  insert into people.reaction (message, emoji, account)
  select $1::uuid, $2, $3::uuid
  where exists (select from people.reaction where message = $1::uuid and emoji = $2)
    or (select count(distinct emoji) from people.reaction where message = $1::uuid) < $4::int
  on conflict do nothing returning emoji`;

const OWN = `
  select emoji from people.reaction where message = $1::uuid and emoji = $2 and account = $3::uuid`;

const WITHDRAW = `
  delete from people.reaction where message = $1::uuid and emoji = $2 and account = $3::uuid returning emoji`;

const COUNT = `
  select count(*)::int as count from people.reaction where message = $1::uuid and emoji = $2`;
