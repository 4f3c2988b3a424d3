import { timingSafeEqual } from 'node:crypto';
import type { Transaction } from '#shared/ledger';
import { newRefreshToken, type readRefreshToken } from './refresh-token.ts';

/** A session that nobody uses for so long is over. */
const SESSION_DAYS = 30;
/** The one that was not used for longest makes room for the next. */
const MOST_SESSIONS = 100;

type Shown = NonNullable<ReturnType<typeof readRefreshToken>>;

/** Opens a session; its first refresh token is for its holder alone. */
export async function openSession(
  tx: Transaction,
  { id, account, client }: { id: string; account: string; client: string },
): Promise<{ refreshToken: string }> {
  const token = newRefreshToken();
  await tx.query(
    `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
     select $1, $2, $3, $4, $5, now, now, now + $6::int * interval '1 day' from ledger.ledger_now() as now`,
    [id, account, token.familyHash, token.tokenHash, client, SESSION_DAYS],
  );
  await tx.query(
    `delete from people.session where id in (
       select id from people.session where account = $1 and revoked_at is null
       order by used_at desc, id offset $2)
     or id in (select id from people.session where expires_at < ledger.ledger_now() limit 10)`,
    [account, MOST_SESSIONS],
  );
  return { refreshToken: token.text };
}

export type RefreshedSession =
  | {
      readonly state: 'good';
      readonly account: string;
      readonly session: string;
      readonly roles: readonly string[];
      readonly refreshToken: string;
    }
  /** Nobody's, over, or revoked: there is nothing to do. */
  | { readonly state: 'unknown' }
  /** Shown a second time: the session was good until now. */
  | { readonly state: 'reused'; readonly account: string; readonly session: string };

/** Takes a refresh token and gives the next; of many at once one is the first, the others show it a second time. */
export async function refreshSession(tx: Transaction, shown: Shown): Promise<RefreshedSession> {
  const [found] = await tx.query<{ id: string; account: string; token: Buffer; roles: string[] }>(
    `select s.id, s.account, s.token, a.roles
     from people.session s join people.account a on a.id = s.account
     where s.family = $1 and s.revoked_at is null and s.expires_at > ledger.ledger_now()
     for update of s`,
    [shown.familyHash],
  );
  if (found === undefined) return { state: 'unknown' };
  const { id: session, account, roles } = found;
  if (!timingSafeEqual(found.token, shown.tokenHash)) {
    await revoke(tx, session, 'reuse');
    return { state: 'reused', account, session };
  }
  const next = newRefreshToken(shown.family);
  await tx.query(
    `update people.session set token = $2, used_at = now, expires_at = now + $3::int * interval '1 day'
     from ledger.ledger_now() as now where id = $1`,
    [session, next.tokenHash, SESSION_DAYS],
  );
  return { state: 'good', account, session, roles, refreshToken: next.text };
}

/** Ends the session of a refresh token, old or new; answers it, or undefined where there is none. */
export async function endSession(
  tx: Transaction,
  shown: Shown,
): Promise<{ account: string; session: string } | undefined> {
  const [ended] = await tx.query<{ account: string; session: string }>(
    `update people.session set revoked_at = ledger.ledger_now(), revoked_for = 'logout'
     where family = $1 and revoked_at is null returning account, id as session`,
    [shown.familyHash],
  );
  return ended;
}

/** Ends one session of an account; answers whether there was one. */
export async function revokeSession(
  tx: Transaction,
  { account, session }: { account: string; session: string },
): Promise<boolean> {
  const found = await tx.query(
    // The account of a token that the operator made may be any name.
    'select from people.session where id = $1 and account::text = $2 and revoked_at is null for update',
    [session, account],
  );
  if (found.length > 0) await revoke(tx, session, 'revoked');
  return found.length > 0;
}

/** Ends all sessions of an account whose password is no longer that which opened them, but for `except`. */
export async function endSessions(
  tx: Transaction,
  { account, except }: { account: string; except: string | undefined },
): Promise<void> {
  await tx.query(
    `update people.session set revoked_at = ledger.ledger_now(), revoked_for = 'password'
     where account = $1 and revoked_at is null and id is distinct from $2::uuid`,
    [account, except ?? null],
  );
}

async function revoke(tx: Transaction, session: string, why: 'reuse' | 'revoked'): Promise<void> {
  await tx.query(
    'update people.session set revoked_at = ledger.ledger_now(), revoked_for = $2 where id = $1',
    [session, why],
  );
}
