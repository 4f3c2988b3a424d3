import { isAccountId } from '#shared/accounts';
import type { PageKey } from '#shared/following';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { AFTER_READ } from './view.ts';

/** Whose notification. */
interface One {
  readonly account: string;
  readonly id: string;
}

/** @throws HttpProblem 404 for one that is not there, or not one's own */
export async function markRead(tx: Transaction, { account, id }: One): Promise<void> {
  const found = await tx.query(MARK_ONE, [account, id]);
  if (found.length === 0) throw notFound('notification');
  await publish(tx, { to: [account], type: 'notification.read', data: { notification: id } });
}

/** Rows that one command marks at most; what is older is read by one mark for all of it. */
const MOST_MARKED = 10_000;

/** Marks what stood in the list up to there, and not what was added to since. Answers how many were unread. */
export async function markReadUpTo(
  tx: Transaction,
  { account, upTo }: { account: string; upTo: PageKey },
): Promise<number> {
  // First, as who tells somebody holds his settings before his notifications: they never wait for each other in a circle.
  const older = await markOlder(tx, { account, upTo });
  const rows = await tx.query(MARK_UP_TO, [account, upTo.at, upTo.id, MOST_MARKED]);
  const marked = older + rows.length;
  if (marked > 0)
    await publish(tx, {
      to: [account],
      type: 'notification.read',
      data: { upTo: upTo.at.toISOString() },
    });
  return marked;
}

/** What comes after as many as are marked each: answers how many these are, and writes one row. */
async function markOlder(
  tx: Transaction,
  { account, upTo }: { account: string; upTo: PageKey },
): Promise<number> {
  const [place] = await tx.query<PageKey>(FIRST_OLDER, [account, upTo.at, upTo.id, MOST_MARKED]);
  if (place === undefined) return 0;
  const [older] = await tx.query<{ unread: number }>(COUNT_OLDER, [account, place.at, place.id]);
  await tx.query(MARK_OLDER, [account, place.at, place.id]);
  return older?.unread ?? 0;
}

/** What tells somebody of a subject is read: he has looked at it. */
export async function markReadAbout(
  tx: Transaction,
  about: { account: string; kind: string; subject: string },
): Promise<void> {
  const { account, kind, subject } = about;
  if (!isAccountId(account)) return;
  const marked = await tx.query<{ id: string }>(MARK_ABOUT, [account, kind, subject]);
  for (const { id } of marked)
    await publish(tx, { to: [account], type: 'notification.read', data: { notification: id } });
}

/** @throws HttpProblem 404 for one that is not there, or not one's own */
export async function removeNotification(tx: Transaction, { account, id }: One): Promise<void> {
  const gone = await tx.query('delete from people.notification where id = $2 and account = $1 returning id', [
    account,
    id,
  ]);
  if (gone.length === 0) throw notFound('notification');
  await publish(tx, { to: [account], type: 'notification.deleted', data: { notification: id } });
}

/** What was read needs no mail. */
const READ = 'read_at = coalesce(read_at, ledger.ledger_now()), is_open = false, mail_at = null';

const MARK_ONE = `
  update people.notification set ${READ} where id = $2 and account = $1 returning id`;

const UNREAD_UP_TO = `
    n.account = $1::uuid and n.in_app and n.read_at is null and (n.changed_at, n.id) <= ($2, $3::uuid) and ${AFTER_READ}`;

export const FIRST_OLDER = `
  select n.changed_at as at, n.id from people.notification n where ${UNREAD_UP_TO}
  order by n.changed_at desc, n.id desc offset $4 limit 1`;

export const COUNT_OLDER = `select count(*)::int as unread from people.notification n where ${UNREAD_UP_TO}`;

/** It only goes forward. */
const MARK_OLDER = `
  insert into people.notification_settings as s (account, read_to_at, read_to_id, read_to_since)
  values ($1, $2, $3, ledger.ledger_now())
  on conflict (account) do update set read_to_at = excluded.read_to_at, read_to_id = excluded.read_to_id,
    read_to_since = excluded.read_to_since
  where s.read_to_at is null or (s.read_to_at, s.read_to_id) < (excluded.read_to_at, excluded.read_to_id)`;

/** In their order, so that two marks do not wait for each other in a circle. */
export const MARK_UP_TO = `
  with seen as (
    select n.id from people.notification n where ${UNREAD_UP_TO}
    order by n.changed_at desc, n.id desc limit $4 for update
  )
  update people.notification n set ${READ} from seen where n.id = seen.id returning n.id`;

export const MARK_ABOUT = `
  update people.notification set ${READ}
  where account = $1 and kind = $2 and subject = $3 and is_open returning id`;
