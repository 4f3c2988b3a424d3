import { createHash } from 'node:crypto';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { PushKeys } from '#shared/push';

/** The one that was made first makes room for the next. */
const MOST_SUBSCRIPTIONS = 20;

export interface NewSubscription extends PushKeys {
  readonly id: string;
  readonly account: string;
  readonly endpoint: string;
  readonly client: string;
}

/**
 * Keeps a browser's subscription. One that is there stays the same with new keys; one of somebody else who used this
 * browser before becomes this person's.
 *
 * @throws HttpProblem 404 for nobody
 */
export async function subscribe(tx: Transaction, given: NewSubscription): Promise<string> {
  const { id, account, endpoint, client, p256dh, auth } = given;
  const [made] = await tx.query<{ id: string }>(SUBSCRIBE, [
    ...[id, account, endpoint, createHash('sha256').update(endpoint).digest()],
    ...[p256dh, auth, client],
  ]);
  if (made === undefined) throw notFound('account');
  await tx.query(
    `delete from people.push_subscription where id in (
       select id from people.push_subscription where account = $1 order by created_at desc, id offset $2)`,
    [account, MOST_SUBSCRIPTIONS],
  );
  return made.id;
}

/** @throws HttpProblem 404 for one that is not there, or not one's own */
export async function removeSubscription(
  tx: Transaction,
  { account, id }: { account: string; id: string },
): Promise<void> {
  const gone = await tx.query(
    'delete from people.push_subscription where id = $2 and account = $1 returning id',
    [account, id],
  );
  if (gone.length === 0) throw notFound('subscription');
}

const SUBSCRIBE = `
  insert into people.push_subscription as s (id, account, endpoint, endpoint_hash, p256dh, auth, client)
  select $1, a.id, $3, $4, $5, $6, $7 from people.account a where a.id = $2
  on conflict (endpoint_hash) do update set
    -- Of somebody else it has a new name: the old one is no longer his to remove.
    id = case when s.account = excluded.account then s.id else excluded.id end,
    account = excluded.account, p256dh = excluded.p256dh, auth = excluded.auth, client = excluded.client,
    failures = 0, created_at = excluded.created_at
  returning id`;
