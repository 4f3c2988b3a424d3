import { isAccountId } from '#shared/accounts';
import { Conflict, Permanent } from '#shared/errors';
import { blockedBetween } from '#shared/following';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { HeldGathering } from './hold.ts';

const MOST_GUESTS = 2_000;

/**
 * Invites somebody to an event that is held. Answers whether he was not yet.
 *
 * @throws HttpProblem 404 for whom the owner cannot see; Permanent `invite-self`; Conflict `guests-too-many`
 */
export async function invite(
  tx: Transaction,
  { held, guest }: { held: HeldGathering; guest: string },
): Promise<boolean> {
  if (guest === held.owner)
    throw new Permanent('invite-self', 'The owner needs no invitation.', { field: 'path.user' });
  if (!isAccountId(guest) || (await blockedBetween(tx, held.owner, guest))) throw notFound('user');
  const [full] = await tx.query('select from people.invitation where gathering = $1 offset $2 limit 1', [
    held.id,
    MOST_GUESTS - 1,
  ]);
  const [found] = await tx.query<{ invited: boolean }>(
    `select exists (select from people.invitation where gathering = $1 and account = a.id) as invited
     from people.account a where a.id = $2`,
    [held.id, guest],
  );
  if (found === undefined) throw notFound('user');
  if (found.invited) return false;
  if (full !== undefined)
    throw new Conflict(
      'guests-too-many',
      `An event has at most ${MOST_GUESTS} invitations; make it public.`,
      {
        details: { limit: MOST_GUESTS },
      },
    );
  const made = await tx.query(
    'insert into people.invitation (gathering, account) values ($1, $2) on conflict do nothing returning account',
    [held.id, guest],
  );
  return made.length > 0;
}

/** Takes an invitation back; an answer that was given stays. Answers whether there was one. */
export async function withdrawInvitation(
  tx: Transaction,
  { held, guest }: { held: HeldGathering; guest: string },
): Promise<boolean> {
  if (!isAccountId(guest)) return false;
  const gone = await tx.query(
    'delete from people.invitation where gathering = $1 and account = $2 returning account',
    [held.id, guest],
  );
  return gone.length > 0;
}
