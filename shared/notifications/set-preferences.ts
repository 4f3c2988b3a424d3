import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { type Channels, type NotificationKind, notificationKinds } from './kinds.ts';

export type SetPreferences =
  | { readonly state: 'set'; readonly version: number }
  /** It is not, or no longer, the version that was asked for. */
  | { readonly state: 'changed' };

/**
 * Replaces what somebody chose, as a whole.
 *
 * @param request `versions`: it must be one of these; any where left out
 * @throws HttpProblem 404 for nobody
 */
export async function setPreferences(
  tx: Transaction,
  request: {
    account: string;
    preferences: Readonly<Record<NotificationKind, Channels>>;
    versions: readonly number[] | undefined;
  },
): Promise<SetPreferences> {
  const { account, preferences, versions } = request;
  const held = await holdSettings(tx, account);
  if (versions !== undefined && !versions.includes(held.version)) return { state: 'changed' };
  // What is as the defaults are is not kept: it changes with them.
  const chosen = Object.entries(preferences).filter(([kind, channels]) => {
    const { defaults } = notificationKinds[kind as NotificationKind];
    return (Object.keys(defaults) as (keyof Channels)[]).some((name) => channels[name] !== defaults[name]);
  });
  await tx.query(KEEP, [account, JSON.stringify(Object.fromEntries(chosen))]);
  return { state: 'set', version: held.version + 1 };
}

/** No more mails of this kind, or of any where left out. */
export async function refuseMails(
  tx: Transaction,
  { account, kinds }: { account: string; kinds: readonly NotificationKind[] },
): Promise<void> {
  const { preferences } = await holdSettings(tx, account);
  const chosen = kinds.map((kind) => [kind, { ...preferences[kind], email: 'none' }]);
  await tx.query(KEEP, [account, JSON.stringify({ ...preferences, ...Object.fromEntries(chosen) })]);
  await tx.query(
    'update people.notification set mail_at = null where account = $1 and mail_at is not null and kind = any($2::text[])',
    [account, kinds],
  );
}

interface Held {
  readonly version: number;
  readonly preferences: Readonly<Record<string, object>>;
}

async function holdSettings(tx: Transaction, account: string): Promise<Held> {
  await tx.query(
    `insert into people.notification_settings (account)
     select id from people.account where id = $1 for key share on conflict do nothing`,
    [account],
  );
  const [held] = await tx.query<Held>(
    'select version, preferences from people.notification_settings where account = $1 for update',
    [account],
  );
  if (held === undefined) throw notFound('account');
  return held;
}

const KEEP = `
  update people.notification_settings set preferences = $2::jsonb, version = version + 1 where account = $1`;
