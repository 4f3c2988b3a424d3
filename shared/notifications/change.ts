import { isAccountId } from '#shared/accounts';
import type { PageKey } from '#shared/following';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';

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

/** Marks what stood in the list up to there, and not what was added to since. Answers how many were unread. */
export async function markReadUpTo(
  tx: Transaction,
  { account, upTo }: { account: string; upTo: PageKey },
): Promise<number> {
  const marked = await tx.query(MARK_UP_TO, [account, upTo.at, upTo.id]);
  if (marked.length > 0)
    await publish(tx, {
      to: [account],
      type: 'notification.read',
      data: { upTo: upTo.at.toISOString() },
    });
  return marked.length;
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

/** In their order, so that two marks do not wait for each other in a circle. */
export const MARK_UP_TO = `
  with seen as (
    select id from people.notification
    where account = $1::uuid and in_app and read_at is null and (changed_at, id) <= ($2, $3::uuid)
    order by changed_at desc, id desc limit 10000 for update
  )
  update people.notification n set ${READ} from seen where n.id = seen.id returning n.id`;

export const MARK_ABOUT = `
  update people.notification set ${READ}
  where account = $1 and kind = $2 and subject = $3 and is_open returning id`;
