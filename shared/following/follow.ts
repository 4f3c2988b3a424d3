import { Conflict, Permanent } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { lockBetween } from './between.ts';

export type FollowState = 'accepted' | 'requested';

/** Who acts, and on whom; ids of accounts. */
export interface Pair {
  readonly by: string;
  readonly user: string;
}

/** Whom one may follow: what a feed can be read from in milliseconds. */
export const MOST_FOLLOWED = 5_000;

/**
 * Begins to follow, or asks to. Asked for again it answers how it stands; a request to an account that is private no
 * more is granted.
 *
 * @returns `changed`: whether it was otherwise before
 * @throws HttpProblem 404 for whom one cannot see; Permanent `follow-self`; Conflict `user-blocked`, `follows-too-many`
 */
export async function follow(
  tx: Transaction,
  { by, user }: Pair,
): Promise<{ state: FollowState; changed: boolean }> {
  if (by === user) throw new Permanent('follow-self', 'Nobody follows himself.', { field: 'id' });
  await lockBetween(tx, by, user);
  const [found] = await tx.query<{
    known: boolean;
    private: boolean;
    keptAway: boolean;
    blocked: boolean;
    state: FollowState | null;
  }>(STANDING, [by, user]);
  if (found === undefined || found.keptAway) throw notFound('user');
  if (!found.known) throw notFound('account');
  if (found.blocked) throw new Conflict('user-blocked', 'You blocked this user; unblock him first.');
  const state = found.state === 'accepted' || !found.private ? 'accepted' : 'requested';
  if (found.state === state) return { state, changed: false };
  if (found.state === null) await checkRoom(tx, by);
  await tx.query(FOLLOW, [by, user, state]);
  return { state, changed: true };
}

async function checkRoom(tx: Transaction, by: string): Promise<void> {
  const [counted] = await tx.query<{ full: boolean }>(
    'select exists (select from people.follow where follower = $1 offset $2) as full',
    [by, MOST_FOLLOWED - 1],
  );
  if (counted?.full === true)
    throw new Conflict(
      'follows-too-many',
      `Nobody follows more than ${MOST_FOLLOWED}; unfollow somebody first.`,
      { details: { limit: MOST_FOLLOWED } },
    );
}

/** Ends following, or takes a request back; answers what it was. */
export async function unfollow(tx: Transaction, { by, user }: Pair): Promise<FollowState | undefined> {
  await lockBetween(tx, by, user);
  const [gone] = await tx.query<{ state: FollowState }>(
    'delete from people.follow where follower = $1 and followed = $2 returning state',
    [by, user],
  );
  return gone?.state;
}

/** Lets somebody who asked. Answers whether he follows now, and whether that is new; undefined where he did not ask. */
export async function acceptFollower(
  tx: Transaction,
  { by, user }: Pair,
): Promise<{ changed: boolean } | undefined> {
  await lockBetween(tx, by, user);
  const accepted = await tx.query(
    `update people.follow set state = 'accepted', created_at = ledger.ledger_now()
     where follower = $1 and followed = $2 and state = 'requested' returning state`,
    [user, by],
  );
  if (accepted.length > 0) return { changed: true };
  const follows = await tx.query('select from people.follow where follower = $1 and followed = $2', [
    user,
    by,
  ]);
  return follows.length > 0 ? { changed: false } : undefined;
}

/** Refuses somebody who asked; answers whether he had. */
export async function refuseFollower(tx: Transaction, { by, user }: Pair): Promise<boolean> {
  await lockBetween(tx, by, user);
  const refused = await tx.query(
    `delete from people.follow where follower = $1 and followed = $2 and state = 'requested' returning state`,
    [user, by],
  );
  return refused.length > 0;
}

const STANDING = `
  select exists (select from people.account where id = $1) as known, a.private,
    exists (select from people.block where blocker = $2 and blocked = $1) as "keptAway",
    exists (select from people.block where blocker = $1 and blocked = $2) as blocked,
    (select state from people.follow where follower = $1 and followed = $2) as state
  from people.account a where a.id = $2`;

const FOLLOW = `
  insert into people.follow (follower, followed, state) values ($1, $2, $3)
  on conflict (follower, followed) do update set state = excluded.state, created_at = excluded.created_at`;
