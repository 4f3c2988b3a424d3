import { randomBytes } from 'node:crypto';
import { isAccountId } from '#shared/accounts';
import type { Transaction } from '#shared/ledger';

/** Gives a calendar a secret address, or leaves it the one that it has. Answers whether there is such a calendar. */
export async function shareCalendar(
  tx: Transaction,
  { owner, id }: { owner: string; id: string },
): Promise<boolean> {
  if (!isAccountId(owner)) return false;
  if (id === owner)
    await tx.query(
      `insert into people.calendar (id, owner, kind, name)
       select id, id, 'own', name from people.account where id = $1 on conflict do nothing`,
      [owner],
    );
  const shared = await tx.query(
    'update people.calendar set feed_token = coalesce(feed_token, $3) where id = $1 and owner = $2 returning id',
    // 256 bits: nobody guesses it, and whoever reads the table reads the calendar anyway.
    [id, owner, randomBytes(32).toString('base64url')],
  );
  return shared.length > 0;
}

/** Ends the secret address of a calendar. Answers whether it had one. */
export async function unshareCalendar(
  tx: Transaction,
  { owner, id }: { owner: string; id: string },
): Promise<boolean> {
  const ended = await tx.query(
    `update people.calendar set feed_token = null
     where id = $1 and owner::text = $2 and feed_token is not null returning id`,
    [id, owner],
  );
  return ended.length > 0;
}
