import type { Transaction } from '#shared/ledger';
import { announcedText, HEARD_CHANNEL } from './channels.ts';
import { isLeftToNotices } from './notices.ts';
import type { KeptFrame, MomentFrame } from './protocol.ts';

/** What is told. */
export interface News<Type extends KeptFrame | MomentFrame = KeptFrame> {
  /** Accounts of those who hear it, each once; whoever is gone is left out. At most 5,000. */
  readonly to: readonly string[];
  readonly type: Type;
  /** As the protocol says of its type; JSON, at most 64 KB. */
  readonly data: object;
}

const MOST_HEARERS = 5_000;

/**
 * Tells people something when the caller's transaction commits: each hears it once, at a position of his own, connected or
 * when he comes back. Let it be the last thing of the transaction: from here on everybody else who tells these people
 * something waits for its end.
 *
 * @throws RangeError more than 5,000 people
 */
export async function publish(tx: Transaction, { to, type, data }: News): Promise<void> {
  const accounts = [...new Set(to)];
  if (accounts.length > MOST_HEARERS)
    throw new RangeError(`At most ${MOST_HEARERS} people hear of ${type} at once, not ${accounts.length}.`);
  if (accounts.length === 0) return;
  const values = [accounts, type, JSON.stringify(data)];
  if (isLeftToNotices(accounts)) await tx.query(PUBLISH, values);
  else await tx.query(PUBLISH_AND_NOTIFY, [...values, HEARD_CHANNEL]);
}

/** What runs statements: a transaction, a pool. */
interface Statements {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Tells those who are connected now, and keeps nothing: who types, who is there. @throws RangeError over 4 KB */
export async function announce(on: Statements, { to, type, data }: News<MomentFrame>): Promise<void> {
  for (const { channel, text } of announcedText({ to: [...new Set(to)], type, data }))
    await on.query('select pg_notify($1, $2)', [channel, text]);
}

/**
 * Rows are locked in the order of accounts, so that two who tell the same people do not wait for each other in a circle.
 */
const TOLD = `
  with hearers as (
    select id from people.account where id = any($1::uuid[]) order by id for key share
  ), body as (
    insert into people.told (type, data) select $2::text, $3::jsonb where exists (select from hearers) returning id
  ), positions as (
    insert into people.hearer as h (account, last) select id, 1 from hearers
    on conflict (account) do update set last = h.last + 1
    returning account, last
  ), heard as (
    insert into people.heard (account, position, told) select p.account, p.last, b.id from positions p, body b
    returning account
  )`;

const PUBLISH = `${TOLD} select count(*) from heard`;

/** A notice has room for 8,000 bytes: 200 accounts. */
const PUBLISH_AND_NOTIFY = `${TOLD}, pages as (
    select string_agg(account::text, ',') as accounts
    from (select account, row_number() over () / 200 as page from heard) numbered
    group by page
  )
  select pg_notify($4, accounts) from pages`;
