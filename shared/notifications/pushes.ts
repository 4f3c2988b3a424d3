import type { Pool } from '#shared/database';
import type { Transaction } from '#shared/ledger';
import type { PushKeys } from '#shared/push';
import { PUSHES_AN_HOUR, pushKey } from './ask-for-pushes.ts';
import type { NotificationLinks } from './links.ts';
import { NOTIFICATION_COLUMNS, type NotificationRow, pathOf, sentenceOf } from './view.ts';

/** In a row; a browser that none of so many reached is forgotten. */
const MOST_FAILURES = 10;
const LAST_OF_AN_HOUR = 'A lot goes on: what else comes this hour waits in your list.';

/** What a browser is told, and where it is. */
export interface DuePush {
  readonly endpoint: string;
  readonly keys: PushKeys;
  /** JSON for its service worker. */
  readonly message: string;
}

/** What is read for a push; undefined where it is read, or where one of the two is gone. */
export interface Pushes {
  due(request: { subscription: string; notification: string }): Promise<DuePush | undefined>;
}

interface DueRow extends NotificationRow, PushKeys {
  readonly endpoint: string;
  readonly isLast: boolean;
}

export function createPushes({ pool, links }: { pool: Pool; links: NotificationLinks }): Pushes {
  return {
    async due({ subscription, notification }) {
      const { rows } = await pool.query<DueRow>(DUE, [subscription, notification, PUSHES_AN_HOUR]);
      const [row] = rows;
      if (row === undefined) return undefined;
      const { endpoint, p256dh, auth, id, kind, subject, body } = row;
      const said = {
        ...{ id, kind, title: sentenceOf(row), subject, path: pathOf(row), url: links.to(row) },
        ...(row.isLast ? { body: LAST_OF_AN_HOUR } : {}),
        ...(body === null ? {} : { body: body.slice(0, 500).toWellFormed() }),
      };
      return { endpoint, keys: { p256dh, auth }, message: JSON.stringify(said) };
    },
  };
}

/** A push arrived. */
export async function pushArrived(tx: Transaction, subscription: string): Promise<void> {
  await tx.query('update people.push_subscription set failures = 0 where id = $1 and failures > 0', [
    subscription,
  ]);
}

/** A push did not arrive: a browser that is gone is forgotten, and so is one that none of many reached. */
export async function pushFailed(
  tx: Transaction,
  { subscription, isGone }: { subscription: string; isGone: boolean },
): Promise<void> {
  const most = isGone ? 0 : MOST_FAILURES;
  await tx.query('update people.push_subscription set failures = failures + 1 where id = $1', [subscription]);
  await tx.query('delete from people.push_subscription where id = $1 and failures > $2', [
    subscription,
    most,
  ]);
}

const LAST_KEYS = ["'usual'", "'urgent'"]
  .map((budget) => pushKey({ at: 'n.pushed_at', budget, n: '$3::int' }))
  .join(', ');

/** $1: subscription; $2: notification; $3: how many pushes an hour has. */
export const DUE = `
  select ${NOTIFICATION_COLUMNS}, s.endpoint, s.p256dh, s.auth, exists (
    select from people.notified p where p.account = n.account and p.at = n.pushed_at and p.key in (${LAST_KEYS})
  ) as "isLast"
  from people.push_subscription s
  join people.notification n on n.id = $2 and n.account = s.account and people.read_at(n) is null
  left join people.account a on a.id = n.actor
  where s.id = $1`;
