import type { Emit } from '#shared/function';
import type { Transaction } from '#shared/ledger';

/** People who get their digest in one transaction. */
const PEOPLE_A_TIME = 1_000;
const FORGOTTEN_A_TIME = 1_000;

/**
 * Puts all that waits of whoever's time has come into a mail of its own: a notification stands in one, whoever else does
 * the same meanwhile and wherever this ends.
 *
 * @returns the mails to ask for with the same commit, and whether there are more people
 */
export async function gatherDigests(
  tx: Transaction,
): Promise<{ readonly mails: readonly Emit[]; readonly more: boolean }> {
  const due = await tx.query<{ account: string }>(DUE_PEOPLE, [PEOPLE_A_TIME]);
  if (due.length === 0) return { mails: [], more: false };
  const gathered = await tx.query<{ account: string; mailing: string }>(GATHER, [
    due.map(({ account }) => account),
  ]);
  return {
    mails: gathered.map(({ account, mailing }) => ({
      type: 'mail.requested',
      data: { user: account, template: 'notifications', reference: mailing },
    })),
    more: due.length === PEOPLE_A_TIME,
  };
}

/** Removes what is old, a piece at a time. */
export async function forgetOld(tx: Transaction): Promise<void> {
  for (const statement of FORGET) await tx.query(statement, [FORGOTTEN_A_TIME]);
}

/** Their settings are held, as they are by whoever tells them something: so each mail has all that waited. */
export const DUE_PEOPLE = `
  select s.account from people.notification_settings s
  where s.account = any(array(
    select account from people.notification where mail_at <= ledger.ledger_now() order by mail_at, account limit $1))
  order by s.account for update of s skip locked`;

export const GATHER = `
  with waiting as (
    select id, account from people.notification where account = any($1::uuid[]) and mail_at is not null
  ), made as (
    insert into people.mailing (id, account) select ledger.new_id(), account from waiting group by account
    returning id, account
  ), mailed as (
    update people.notification n set mailing = m.id, mail_at = null
    from waiting w join made m on m.account = w.account where n.id = w.id
  )
  select account, id as mailing from made order by account`;

/** Half a year; who was told of what, a quarter. */
export const FORGET = [
  `delete from people.notification where id = any(array(
     select id from people.notification where changed_at < ledger.ledger_now() - interval '180 days'
     order by changed_at limit $1))`,
  `delete from people.mailing where id = any(array(
     select id from people.mailing where created_at < ledger.ledger_now() - interval '180 days'
     order by created_at limit $1))`,
  // Rows that never change stay where they are.
  `delete from people.notified where ctid = any(array(
     select ctid from people.notified where at < ledger.ledger_now() - interval '90 days'
     order by at limit $1))`,
];
