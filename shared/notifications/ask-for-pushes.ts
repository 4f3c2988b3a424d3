import type { Emit } from '#shared/function';
import type { Transaction } from '#shared/ledger';
import { type NotificationKind, notificationKinds } from './kinds.ts';

/**
 * Of an hour of the clock, somebody's browsers are told so often: one in three minutes, whatever goes on. Who has not
 * looked by then does not look for the next one either; it is in the list, and in the digest.
 */
export const PUSHES_AN_HOUR = 20;

/** Asks for the pushes of notifications, as long as the hour of whoever they are for has room; his settings are held. */
export async function askForPushes(
  tx: Transaction,
  { kind, notifications }: { kind: NotificationKind; notifications: readonly string[] },
): Promise<readonly Emit[]> {
  if (notifications.length === 0) return [];
  const pushes = await tx.query<{ user: string; subscription: string; notification: string }>(PUSH, [
    notifications,
    pushBudget(kind),
    PUSHES_AN_HOUR,
  ]);
  return pushes.map(({ user, subscription, notification }) => ({
    type: 'push.requested',
    data: { user, subscription, notification },
  }));
}

/** What cannot wait for a digest has an hour of its own: however many write, one hears that an event is cancelled. */
function pushBudget(kind: NotificationKind): 'usual' | 'urgent' {
  return notificationKinds[kind].defaults.email === 'digest' ? 'usual' : 'urgent';
}

/** What stands among the keys of occasions of the n-th push of an hour; the texts are SQL. */
export function pushKey({ at, budget, n }: { at: string; budget: string; n: string }): string {
  return `concat_ws(' ', 'push', to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), ${budget}, ${n})`;
}

/** $1: notifications, one a person; $2: which pushes they count among; $3: how many of those in an hour. */
export const PUSH = `
  with clock as materialized (select ledger.ledger_now() as now), wanted as (
    select n.id, n.account, c.now, free.key
    from people.notification n cross join clock c cross join lateral (
      select slot.key from (
        select n, ${pushKey({ at: 'c.now', budget: '$2::text', n: 'n' })} as key from generate_series(1, $3::int) n
      ) slot
      where not exists (select from people.notified p where p.account = n.account and p.key = slot.key)
      order by slot.n limit 1
    ) free
    where n.id = any($1::uuid[]) and exists (select from people.push_subscription s where s.account = n.account)
  ), counted as (
    insert into people.notified (account, key, at) select account, key, now from wanted
  ), pushed as (
    update people.notification n set pushed_at = w.now from wanted w where n.id = w.id
  )
  select s.account as user, s.id as subscription, w.id as notification
  from wanted w join people.push_subscription s on s.account = w.account order by s.account, s.id`;
