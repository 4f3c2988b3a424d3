import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pool } from '#shared/database';
import type { Transaction } from '#shared/ledger';
import { isNotificationKind, kindNames, type NotificationKind } from './kinds.ts';

const TOKEN = /^([0-9a-f]{32})\.([a-z][a-z-]{1,30})\.([A-Za-z0-9_-]{43})$/;
/** Stands for every kind. */
const ALL = 'all';

/** What a link in a mail allows: that its reader gets no more mails of these kinds. */
export interface MailRefusal {
  readonly account: string;
  readonly kinds: readonly NotificationKind[];
  /** Absent: of every kind. */
  readonly kind?: NotificationKind;
}

/** Signed with a key of this person alone, so that it goes with the account. It is good as long as that is there. */
export function unsubscribeToken(request: { account: string; kind: string | null; key: Buffer }): string {
  const account = request.account.replaceAll('-', '');
  const kind = request.kind ?? ALL;
  return `${account}.${kind}.${signature({ account, kind, key: request.key }).toString('base64url')}`;
}

type KeyOf = (account: string) => Promise<Buffer | undefined>;

/** Undefined for one that is none of ours, or of somebody who is gone. */
export async function readUnsubscribeToken(keyOf: KeyOf, token: string): Promise<MailRefusal | undefined> {
  const [, hex = '', kind = '', given = ''] = TOKEN.exec(token) ?? [];
  if (hex === '' || (kind !== ALL && !isNotificationKind(kind))) return undefined;
  const account = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const key = await keyOf(account);
  if (key === undefined) return undefined;
  const own = signature({ account: hex, kind, key });
  const shown = Buffer.from(given, 'base64url');
  if (shown.length !== own.length || !timingSafeEqual(shown, own)) return undefined;
  return isNotificationKind(kind) ? { account, kind, kinds: [kind] } : { account, kinds: kindNames };
}

/** As a pool, or a command's transaction, finds it. */
export function keyIn(db: Pool): KeyOf {
  return async (account) => (await db.query<{ key: Buffer }>(KEY, [account])).rows[0]?.key;
}

export function keyWithin(tx: Transaction): KeyOf {
  return async (account) => (await tx.query<{ key: Buffer }>(KEY, [account]))[0]?.key;
}

const KEY = 'select unsubscribe_key as key from people.notification_settings where account = $1';

function signature({ account, kind, key }: { account: string; kind: string; key: Buffer }): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['unsubscribe', account, kind]))
    .digest();
}
