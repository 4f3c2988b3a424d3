import type { Pool } from '#shared/database';
import type { LetterTemplate } from '#shared/mail';
import { notificationKinds } from './kinds.ts';
import type { NotificationLinks } from './links.ts';
import { unsubscribeToken } from './unsubscribe-token.ts';
import { NOTIFICATION_COLUMNS, type NotificationRow, sentenceOf } from './view.ts';

/** Lines of a digest; what else there is stands in the list. */
const MOST_LINES = 50;
/** Of a subject, which must be one line. */
const MOST_SUBJECT = 150;

interface Mailing {
  readonly to: string;
  readonly kind: NotificationRow['kind'] | null;
  readonly key: Buffer;
  readonly notifications: number;
}

/**
 * The mail of a notification, or of several: what stood in it when it was asked for, and has not been read or removed
 * since. A link ends mails of this kind (RFC 2369), a mail program's own button does so with one click (RFC 8058).
 */
export function notificationLetters(options: {
  pool: Pool;
  publicUrl: string;
  links: NotificationLinks;
}): Readonly<Record<'notifications', LetterTemplate>> {
  const { pool, publicUrl, links } = options;
  return {
    async notifications({ user, reference }) {
      const { rows: mailings } = await pool.query<Mailing>(MAILING, [reference, user]);
      const [mailing] = mailings;
      if (mailing === undefined) return undefined;
      const { rows } = await pool.query<NotificationRow>(OF_MAILING, [reference, MOST_LINES]);
      const [first] = rows;
      if (first === undefined) return undefined;
      const { to, kind, key, notifications } = mailing;
      const token = unsubscribeToken({ account: user, kind, key });
      const unsubscribe = `${publicUrl}/notifications/unsubscribe/${token}`;
      const rest = notifications - rows.length;
      return {
        to,
        subject:
          notifications === 1
            ? oneLine(sentenceOf(first))
            : `${notifications} things that you may have missed`,
        lines: [
          ...rows.flatMap((row) => [
            oneLine(sentenceOf(row)),
            ...(row.body?.split('\n').filter(Boolean) ?? []),
          ]),
          ...(rest > 0 ? [`And ${rest} more.`] : []),
        ],
        action: {
          label: notifications === 1 ? 'Look at it' : 'See them all',
          url: notifications === 1 ? links.to(first) : links.all,
        },
        footer: [
          kind === null
            ? `You get this because there was news for you. No such mails: ${unsubscribe}`
            : `You get this because of your settings: “${notificationKinds[kind].about}” No such mails: ${unsubscribe}`,
        ],
        headers: {
          'List-Unsubscribe': `<${unsubscribe}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      };
    },
  };
}

/** Names that people gave themselves stand in it: whatever breaks a line becomes a space. */
function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MOST_SUBJECT ? `${line.slice(0, MOST_SUBJECT).toWellFormed()}…` : line;
}

/** Only to an address that answered. */
const MAILING = `
  select a.email as to, m.kind, s.unsubscribe_key as key,
    (select count(*)::int from people.notification n where n.mailing = m.id and people.read_at(n) is null) as notifications
  from people.mailing m
  join people.account a on a.id = m.account and a.email_verified_at is not null
  join people.notification_settings s on s.account = a.id
  where m.id = $1 and m.account = $2`;

export const OF_MAILING = `
  select ${NOTIFICATION_COLUMNS}
  from people.notification n left join people.account a on a.id = n.actor
  where n.mailing = $1 and people.read_at(n) is null
  order by n.changed_at desc, n.id desc limit $2`;
