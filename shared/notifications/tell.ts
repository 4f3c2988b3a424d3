import type { Emit } from '#shared/function';
import type { Transaction } from '#shared/ledger';
import { publish } from '#shared/realtime';
import { askForPushes } from './ask-for-pushes.ts';
import type { Channels, NotificationKind } from './kinds.ts';
import { channelsOf } from './preferences.ts';

/** Mails of a kind that somebody gets at once in an hour; what comes then waits for a digest. */
const MAILS_AN_HOUR = 3;
/** A browser hears of the same thing again after so long. */
const PUSH_AGAIN_SECONDS = 60;
/** Most that the realtime channel takes at once. */
const MOST_HEARERS = 5_000;

/** Something that people are told of. */
export interface Telling {
  readonly kind: NotificationKind;
  /** Id of what it is about; what is unread of the same kind and subject takes it up. */
  readonly subject: string;
  /** Of the occasion: nobody is told twice of one, whatever is delivered or done again. */
  readonly key: string;
  /** Who did it; he is not told, and neither is who has muted him, or whom one of the two keeps away. */
  readonly actor?: string | undefined;
  /** Accounts; those that are gone are left out. */
  readonly to: readonly string[];
  /** What an admin wrote, or what the thing is called. */
  readonly title?: string | undefined;
  readonly body?: string | undefined;
}

interface Recipient extends Channels {
  readonly account: string;
}

interface Opened {
  readonly id: string;
  readonly account: string;
  readonly isNew: boolean;
  readonly pushable: boolean;
}

/**
 * Tells people in the caller's transaction: a notification for each, what is open of it taken up, and news for those who
 * listen. Let it be the last thing of the transaction.
 *
 * @returns the mails and pushes that are to be asked for: emit them with the same commit
 */
export async function tell(tx: Transaction, telling: Telling): Promise<readonly Emit[]> {
  const { kind, subject, key, actor, to, title, body } = telling;
  if (to.length === 0) return [];
  const wishes = await recipientsOf(tx, telling);
  if (wishes.size === 0) return [];
  const fresh = await tx.query<{ account: string }>(NOTE, [[...wishes.keys()], key]);
  const told = fresh.flatMap(({ account }) => wishes.get(account) ?? []);
  if (told.length === 0) return [];
  const accounts = told.map(({ account }) => account);
  await tx.query(CLOSE_OLD, [accounts, kind, subject]);
  const inApp = told.map((recipient) => recipient.inApp);
  const opened = await tx.query<Opened>(OPEN, [
    ...[accounts, inApp, kind, subject, actor ?? null],
    ...[title ?? null, body ?? null, PUSH_AGAIN_SECONDS],
  ]);
  if (actor !== undefined) await tx.query(COUNT_PEOPLE, [opened.map(({ id }) => id), actor]);
  const rows = opened.map((row) => ({ ...row, ...wishes.get(row.account) }));
  const toPush = rows.filter(({ push, pushable }) => push === true && pushable);
  const emits = [
    ...(await askForMails(tx, kind, rows)),
    ...(await askForPushes(tx, { kind, notifications: toPush.map(({ id }) => id) })),
  ];
  const listening = told.filter((recipient) => recipient.inApp).map(({ account }) => account);
  for (let from = 0; from < listening.length; from += MOST_HEARERS)
    await publish(tx, {
      to: listening.slice(from, from + MOST_HEARERS),
      type: 'notification.created',
      data: { kind, subject, ...(actor === undefined ? {} : { actor }) },
    });
  return emits;
}

/** Those who want to hear of it at all. Their settings are held until the commit: what is counted below is exact. */
async function recipientsOf(
  tx: Transaction,
  { kind, to, actor }: Telling,
): Promise<ReadonlyMap<string, Recipient>> {
  await tx.query(SETTLE_IN, [to]);
  const rows = await tx.query<{ account: string; chosen: unknown; hasMail: boolean }>(RECIPIENTS, [
    to,
    actor ?? null,
    kind,
  ]);
  return new Map(
    rows.flatMap(({ account, chosen, hasMail }): [string, Recipient][] => {
      const wanted = channelsOf(kind, chosen);
      const email = hasMail ? wanted.email : 'none';
      if (!wanted.inApp && !wanted.push && email === 'none') return [];
      return [[account, { ...wanted, email, account }]];
    }),
  );
}

async function askForMails(
  tx: Transaction,
  kind: NotificationKind,
  rows: readonly (Opened & Partial<Channels>)[],
): Promise<readonly Emit[]> {
  const wanting = rows.filter(({ isNew, email }) => isNew && email !== 'none');
  const atOnce = wanting.filter(({ email }) => email === 'each');
  const mailed =
    atOnce.length === 0
      ? []
      : await tx.query<{ notification: string; account: string; mailing: string }>(MAIL, [
          atOnce.map(({ id }) => id),
          kind,
          MAILS_AN_HOUR,
        ]);
  const sent = new Set(mailed.map(({ notification }) => notification));
  const waiting = wanting.filter(({ id }) => !sent.has(id));
  if (waiting.length > 0)
    await tx.query(WAIT, [
      waiting.map(({ id }) => id),
      waiting.map(({ email }) => (email === 'each' ? '1 hour' : '1 day')),
    ]);
  return mailed.map(({ account, mailing }) => ({
    type: 'mail.requested',
    data: { user: account, template: 'notifications', reference: mailing },
  }));
}

const SETTLE_IN = `
  insert into people.notification_settings (account)
  select a.id from people.account a
  where a.id = any($1::uuid[]) and not exists (
    select from people.notification_settings s where s.account = a.id)
  order by a.id for key share of a
  on conflict do nothing`;

export const RECIPIENTS = `
  select s.account, s.preferences -> $3 as chosen, a.email_verified_at is not null as "hasMail"
  from people.notification_settings s join people.account a on a.id = s.account
  where s.account = any($1::uuid[]) and s.account is distinct from $2::uuid
    and not exists (select from people.block b where b.blocker = s.account and b.blocked = $2::uuid)
    and not exists (select from people.block b where b.blocker = $2::uuid and b.blocked = s.account)
    and not exists (select from people.mute m where m.muter = s.account and m.muted = $2::uuid)
  order by s.account for update of s`;

const NOTE = `
  insert into people.notified (account, key)
  select account, $2 from unnest($1::uuid[]) as t (account) order by account
  on conflict do nothing returning account`;

/** After a day somebody is told again, also by mail, of what goes on; and of what he read together with all else. */
const CLOSE_OLD = `
  update people.notification n set is_open = false
  where n.account = any($1::uuid[]) and n.kind = $2 and n.subject = $3 and n.is_open
    and (n.created_at < ledger.ledger_now() - interval '1 day' or people.read_at(n) is not null)`;

/** Each occasion moves it to the top of the list, at a time of its own. */
const OPEN = `
  insert into people.notification as n (account, in_app, kind, subject, actor, title, body)
  select w.account, w.in_app, $3, $4, a.id, $6, $7
  from unnest($1::uuid[], $2::boolean[]) as w (account, in_app)
  left join people.account a on a.id = $5::uuid
  order by w.account
  on conflict (account, kind, subject) where is_open do update set
    actor = coalesce(excluded.actor, n.actor),
    title = coalesce(excluded.title, n.title),
    occasions = n.occasions + 1,
    in_app = n.in_app or excluded.in_app,
    changed_at = greatest(n.changed_at + interval '1 millisecond', excluded.changed_at)
  returning id, account, occasions = 1 as "isNew",
    pushed_at is null or pushed_at < ledger.ledger_now() - $8::int * interval '1 second' as pushable`;

const COUNT_PEOPLE = `
  with added as (
    insert into people.notification_actor (notification, actor)
    select n, a.id from unnest($1::uuid[]) as n, people.account a where a.id = $2::uuid
    on conflict do nothing returning notification
  )
  update people.notification n set people = n.people + 1 from added where n.id = added.notification`;

export const MAIL = `
  with wanted as (
    select n.id, n.account, ledger.new_id() as mailing
    from people.notification n
    where n.id = any($1::uuid[]) and $3::int > (
      select count(*) from people.mailing m
      where m.account = n.account and m.kind = $2 and m.created_at > ledger.ledger_now() - interval '1 hour')
  ), made as (
    insert into people.mailing (id, account, kind) select mailing, account, $2 from wanted
  )
  update people.notification n set mailing = w.mailing from wanted w where n.id = w.id
  returning n.id as notification, n.account, w.mailing`;

const WAIT = `
  update people.notification n set mail_at = ledger.ledger_now() + w.wait::interval
  from unnest($1::uuid[], $2::text[]) as w (id, wait) where n.id = w.id`;
