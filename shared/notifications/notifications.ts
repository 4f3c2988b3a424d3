import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { NEWEST, type PageQuery } from '#shared/following';
import { type Preferences, preferencesOf } from './preferences.ts';
import { keyIn, type MailRefusal, readUnsubscribeToken } from './unsubscribe-token.ts';
import { AFTER_READ, NOTIFICATION_COLUMNS, type NotificationRow } from './view.ts';

/** Which notifications a page shows. */
export type NotificationList = 'listed' | 'unread' | 'all';

/** A notification and by which ways it went out. */
export interface SentNotification extends NotificationRow {
  readonly inApp: boolean;
  /** When its mail was asked for. */
  readonly mailedAt: Date | null;
  /** When it comes with the next digest, at the latest. */
  readonly digestAt: Date | null;
  readonly pushedAt: Date | null;
}

/** A browser that takes pushes, as its owner sees it. */
export interface SubscriptionView {
  readonly id: string;
  /** What the browser said of itself. */
  readonly client: string;
  /** Host of its push service. */
  readonly service: string;
  readonly createdAt: Date;
}

/** What is read of what people are told. */
export interface Notifications {
  /** A page, what changed last first. */
  list(which: NotificationList, query: PageQuery & { account: string }): Promise<readonly SentNotification[]>;
  countUnread(account: string): Promise<number>;
  preferences(account: string): Promise<{ preferences: Preferences; version: number } | undefined>;
  /** At most 20, newest first. */
  subscriptions(account: string): Promise<readonly SubscriptionView[]>;
  /** What the link of a mail allows; undefined where it is none of ours. */
  refusal(token: string): Promise<MailRefusal | undefined>;
}

export function createNotifications({ pool }: { pool: Pool }): Notifications {
  return {
    async list(which, { account, before = NEWEST, limit }) {
      if (!isAccountId(account)) return [];
      const { rows } = await pool.query<SentNotification>(LISTS[which], [
        ...[account, before.at, before.id, limit],
      ]);
      return rows;
    },
    async countUnread(account) {
      if (!isAccountId(account)) return 0;
      const { rows } = await pool.query<{ unread: number }>(UNREAD, [account]);
      return rows[0]?.unread ?? 0;
    },
    async preferences(account) {
      if (!isAccountId(account)) return undefined;
      const { rows } = await pool.query<{ stored: unknown; version: number }>(PREFERENCES, [account]);
      return rows[0] && { preferences: preferencesOf(rows[0].stored), version: rows[0].version };
    },
    async subscriptions(account) {
      if (!isAccountId(account)) return [];
      const { rows } = await pool.query<Omit<SubscriptionView, 'service'> & { endpoint: string }>(
        SUBSCRIPTIONS,
        [account],
      );
      return rows.map(({ endpoint, ...view }) => ({ ...view, service: new URL(endpoint).host }));
    },
    refusal: (token) => readUnsubscribeToken(keyIn(pool), token),
  };
}

/** @param where what of $1's notifications; $2, $3: where the page goes on; $4: how many */
const page = (where: string): string => `
  select ${NOTIFICATION_COLUMNS}, n.in_app as "inApp", m.created_at as "mailedAt", n.mail_at as "digestAt",
    n.pushed_at as "pushedAt"
  from people.notification n
  left join people.account a on a.id = n.actor
  left join people.mailing m on m.id = n.mailing
  where n.account = $1 ${where} and (n.changed_at, n.id) < ($2, $3::uuid)
  order by n.changed_at desc, n.id desc limit $4`;

export const LISTS: Readonly<Record<NotificationList, string>> = {
  listed: page('and n.in_app'),
  unread: page(`and n.in_app and n.read_at is null and ${AFTER_READ}`),
  all: page(''),
};

export const UNREAD = `
  select count(*)::int as unread from people.notification n
  where n.account = $1 and n.in_app and n.read_at is null and ${AFTER_READ}`;

const PREFERENCES = `
  select coalesce(s.preferences, '{}') as stored, coalesce(s.version, 1) as version
  from people.account a left join people.notification_settings s on s.account = a.id where a.id = $1`;

export const SUBSCRIPTIONS = `
  select id, client, endpoint, created_at as "createdAt"
  from people.push_subscription where account = $1 order by created_at desc, id limit 20`;
