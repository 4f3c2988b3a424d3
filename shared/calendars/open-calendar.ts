import { isAccountId } from '#shared/accounts';
import { Conflict } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';

/** Of one person; the one of his own is not counted. */
const MOST_CALENDARS = 50;

/**
 * The calendar that a file or a feed goes into: the one of this name, or this address, that its owner has, else a new
 * one. Imports of one person wait for each other.
 *
 * @throws HttpProblem 404 for somebody who never registered; Conflict `calendars-too-many`
 */
export async function openCalendar(
  tx: Transaction,
  wanted: { id: string; owner: string; name: string; url?: string | undefined },
): Promise<{ id: string; isNew: boolean }> {
  const { id, owner, name, url } = wanted;
  if (!isAccountId(owner)) throw notFound('account');
  const [account] = await tx.query('select from people.account where id = $1 for no key update', [owner]);
  if (account === undefined) throw notFound('account');
  const [known] = await tx.query<{ id: string }>(
    url === undefined
      ? "select id from people.calendar where owner = $1 and kind = 'file' and name = $2"
      : "select id from people.calendar where owner = $1 and kind = 'feed' and url = $2",
    [owner, url ?? name],
  );
  if (known !== undefined) return { id: known.id, isNew: false };
  const [full] = await tx.query(
    "select from people.calendar where owner = $1 and kind <> 'own' offset $2 limit 1",
    [owner, MOST_CALENDARS - 1],
  );
  if (full !== undefined)
    throw new Conflict(
      'calendars-too-many',
      `Nobody has more than ${MOST_CALENDARS} calendars; delete one first.`,
      { details: { limit: MOST_CALENDARS } },
    );
  await tx.query(
    `insert into people.calendar (id, owner, kind, name, url, state, created_at)
     values ($1, $2, $3, $4, $5, $6, date_trunc('milliseconds', ledger.ledger_now()))`,
    [
      id,
      owner,
      url === undefined ? 'file' : 'feed',
      name,
      url ?? null,
      url === undefined ? 'good' : 'waiting',
    ],
  );
  return { id, isNew: true };
}

/** Removes a calendar with all that came with it; one's own cannot be. Answers whether there was one. */
export async function deleteCalendar(
  tx: Transaction,
  { owner, id }: { owner: string; id: string },
): Promise<boolean> {
  const gone = await tx.query(
    "delete from people.calendar where id = $1 and owner::text = $2 and kind <> 'own' returning id",
    [id, owner],
  );
  return gone.length > 0;
}
