import { Permanent } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { lockBetween } from './between.ts';
import type { Pair } from './follow.ts';

/**
 * Keeps somebody away: neither follows the other any more, and neither finds the other.
 *
 * @returns whether it was otherwise before
 * @throws HttpProblem 404 for nobody; Permanent `block-self`
 */
export async function block(tx: Transaction, pair: Pair): Promise<boolean> {
  const { by, user } = pair;
  if (by === user) throw new Permanent('block-self', 'Nobody blocks himself.', { field: 'id' });
  await lockBetween(tx, by, user);
  await checkKnown(tx, pair);
  const made = await tx.query(
    'insert into people.block (blocker, blocked) values ($1, $2) on conflict do nothing returning blocker',
    [by, user],
  );
  if (made.length === 0) return false;
  await tx.query(
    `delete from people.follow
     where (follower = $1 and followed = $2) or (follower = $2 and followed = $1)`,
    [by, user],
  );
  return true;
}

/** Whom a block is taken from still follows nobody. Answers whether there was one. */
export async function unblock(tx: Transaction, { by, user }: Pair): Promise<boolean> {
  await lockBetween(tx, by, user);
  const gone = await tx.query(
    'delete from people.block where blocker = $1 and blocked = $2 returning blocker',
    [by, user],
  );
  return gone.length > 0;
}

/**
 * Keeps somebody's posts out of one's feed, which he does not learn.
 *
 * @throws HttpProblem 404 for whom one cannot see; Permanent `mute-self`
 */
export async function mute(tx: Transaction, pair: Pair): Promise<void> {
  const { by, user } = pair;
  if (by === user) throw new Permanent('mute-self', 'Nobody mutes himself.', { field: 'id' });
  await checkKnown(tx, pair);
  await tx.query('insert into people.mute (muter, muted) values ($1, $2) on conflict do nothing', [by, user]);
}

export async function unmute(tx: Transaction, { by, user }: Pair): Promise<void> {
  await tx.query('delete from people.mute where muter = $1 and muted = $2', [by, user]);
}

/** One who was blocked finds nobody to block or to mute: as if there were nobody. */
async function checkKnown(tx: Transaction, { by, user }: Pair): Promise<void> {
  const [found] = await tx.query<{ own: boolean; other: boolean }>(
    `select exists (select from people.account where id = $1) as own,
       exists (select from people.account where id = $2)
         and not exists (select from people.block where blocker = $2 and blocked = $1) as other`,
    [by, user],
  );
  if (found?.own !== true) throw notFound('account');
  if (!found.other) throw notFound('user');
}
