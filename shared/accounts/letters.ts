import type { Pool } from '#shared/database';
import type { Transaction } from '#shared/ledger';
import { type MailedToken, newMailedToken } from './mailed-token.ts';

/** Letters with a token, and the notice that goes to an address that somebody has left. */
export type LetterKind = 'verify-email' | 'reset-password' | 'email-changed';

const HOURS: Readonly<Record<LetterKind, number>> = {
  'verify-email': 72,
  'reset-password': 1,
  'email-changed': 168,
};
/** Of one letter that had to be sent again: an earlier copy may have arrived. */
const MOST_HASHES = 5;

/** Opens a letter to this address; answers its id, which an event may bear. */
export async function openLetter(
  tx: Transaction,
  { account, kind, email }: { account: string; kind: LetterKind; email: string },
): Promise<string> {
  const [made] = await tx.query<{ id: string }>(
    `insert into people.letter (id, account, template, email, created_at, expires_at)
     select gen_random_uuid(), $1, $2, $3, now, now + $4::int * interval '1 hour' from ledger.ledger_now() as now
     returning id`,
    [account, kind, email, HOURS[kind]],
  );
  await tx.query(
    `delete from people.letter where id in (
       select id from people.letter where expires_at < ledger.ledger_now() limit 10 for update skip locked)`,
  );
  if (made === undefined) throw new Error('a letter was not recorded');
  return made.id;
}

/** A letter that may be sent. */
export interface OpenLetter {
  /** Whom it goes to. */
  readonly email: string;
  /** What he is called. */
  readonly name: string;
  readonly handle: string;
  readonly token: string;
}

/**
 * Puts a token into a letter of this account; undefined where there is no such letter any more. The token is kept as a
 * hash before anybody sends it: whatever dies afterwards, what was mailed is good.
 */
export async function sealLetter(
  pool: Pool,
  { letter, account, kind }: { letter: string; account: string; kind: LetterKind },
): Promise<OpenLetter | undefined> {
  const token = newMailedToken(letter);
  const { rows } = await pool.query<{ email: string; name: string; handle: string }>(
    `update people.letter l set hashes = (l.hashes || $4::bytea)[greatest(1, cardinality(l.hashes) + 2 - $5::int):]
     from people.account a
     where l.id = $1 and l.account = $2 and l.template = $3 and a.id = l.account
       and l.expires_at > ledger.ledger_now()
     returning l.email, a.name, a.handle`,
    [letter, account, kind, token.hash, MOST_HASHES],
  );
  const [found] = rows;
  return found === undefined ? undefined : { ...found, token: token.text };
}

/** Makes the letter that somebody asked for by his address alone, to the address that his account has now. */
export async function openResetLetter(
  pool: Pool,
  { letter, account }: { letter: string; account: string },
): Promise<void> {
  await pool.query(
    `insert into people.letter (id, account, template, email, created_at, expires_at)
     select $1, a.id, 'reset-password', a.email, now, now + $3::int * interval '1 hour'
     from people.account a, ledger.ledger_now() as now where a.id = $2
     on conflict do nothing`,
    [letter, account, HOURS['reset-password']],
  );
}

/** The account of a token that is good now; it may be used by somebody else in the next moment. */
export async function findLetterOf(
  pool: Pool,
  { token, kind }: { token: MailedToken; kind: LetterKind },
): Promise<string | undefined> {
  const { rows } = await pool.query<{ account: string }>(
    `select account from people.letter
     where id = $1 and template = $2 and $3 = any(hashes) and expires_at > ledger.ledger_now()`,
    [token.letter, kind, token.hash],
  );
  return rows[0]?.account;
}

/** Uses a token up: of many at once one is given the letter. */
export async function takeLetter(
  tx: Transaction,
  { token, kind }: { token: MailedToken; kind: LetterKind },
): Promise<{ account: string; email: string } | undefined> {
  const [taken] = await tx.query<{ account: string; email: string }>(
    `delete from people.letter
     where id = $1 and template = $2 and $3 = any(hashes) and expires_at > ledger.ledger_now()
     returning account, email`,
    [token.letter, kind, token.hash],
  );
  return taken;
}

/** No token of these kinds that was mailed to this account is good any more. */
export async function dropLetters(
  tx: Transaction,
  { account, kinds }: { account: string; kinds: readonly LetterKind[] },
): Promise<void> {
  await tx.query('delete from people.letter where account = $1 and template = any($2)', [account, kinds]);
}

/** The account moves to no address that it was asked to move to until now. */
export async function dropMoves(tx: Transaction, { account }: { account: string }): Promise<void> {
  await tx.query(
    `delete from people.letter l using people.account a
     where l.account = $1 and a.id = l.account and l.template = 'verify-email' and l.email <> a.email`,
    [account],
  );
}
