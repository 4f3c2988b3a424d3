import { createHash } from 'node:crypto';
import type { Pool } from '#shared/database';
import { HttpProblem } from '#shared/http';
import type { Transaction } from '#shared/ledger';

/**
 * What costs nothing of wrong passwords, and of mails that were asked for by the account's address and by who asks: people
 * mistype, and one address may be that of a whole school.
 */
const FREE = { account: 5, address: 30, mail: 5, newcomer: 5, sender: 30 } as const;
/** The wait doubles with each further wrong one, from a second on. */
const LONGEST_WAIT_SECONDS = 900;

/** Whose password is guessed at, and from where. */
export interface Guess {
  readonly email: string;
  /** Of the client, or the group of addresses that it counts under. */
  readonly address: string;
}

/** Makes guessing at passwords slow, for all replicas together: by the account guessed at, and by who guesses. */
export interface Guesses {
  /**
   * Counts an attempt before it is known to be a wrong one: so that many at once are not free. The same for accounts
   * that do not exist.
   *
   * @throws HttpProblem 429 `guesses-too-many`
   */
  attempt(guess: Guess): Promise<void>;
  /** It was no wrong one. */
  passed(guess: Guess): Promise<void>;
  /**
   * Counts a mail that somebody asked for: nobody's letter box is filled by others. The same for accounts that do not exist.
   *
   * @throws HttpProblem 429 `mails-too-many`
   */
  ask(guess: Guess): Promise<void>;
  /**
   * Counts that somebody registers with this address, which is sent a mail: whoever deletes what he made and makes it
   * again fills nobody's letter box either.
   *
   * @throws HttpProblem 429 `mails-too-many`
   */
  register(guess: Pick<Guess, 'email'>): Promise<void>;
}

export function createGuesses({ pool }: { pool: Pool }): Guesses {
  async function count(kind: keyof typeof FREE, text: string): Promise<void> {
    const key = keyOf(kind, text);
    const { rowCount } = await pool.query(COUNT, [key, FREE[kind], LONGEST_WAIT_SECONDS]);
    if (rowCount === 1) return;
    const { rows } = await pool.query<{ seconds: number }>(WAIT, [key]);
    throw tooMany(kind, Math.max(1, Math.ceil(rows[0]?.seconds ?? 1)));
  }

  return {
    // One row a statement: two attempts never wait for each other's second row.
    async attempt({ email, address }) {
      await count('address', address);
      await count('account', email);
    },
    async passed({ email, address }) {
      await pool.query('delete from people.guess where key = $1', [keyOf('account', email)]);
      await pool.query('update people.guess set failures = greatest(0, failures - 1) where key = $1', [
        keyOf('address', address),
      ]);
      await pool.query(FORGET);
    },
    async ask({ email, address }) {
      await count('sender', address);
      await count('mail', email);
      await pool.query(FORGET);
    },
    async register({ email }) {
      await count('newcomer', email);
      await pool.query(FORGET);
    },
  };
}

const OF_EMAIL = ['account', 'mail', 'newcomer'] as const;

/**
 * Nothing of somebody's address is left, not even as a hash. Of one that never answered, the hash that its mails are counted
 * by stays for a day: it may be that of somebody who never came here.
 */
export async function forgetGuesses(
  tx: Transaction,
  email: string,
  { isVerified }: { isVerified: boolean } = { isVerified: true },
): Promise<void> {
  const kinds = isVerified ? OF_EMAIL : (['account'] as const);
  await tx.query('delete from people.guess where key = any($1::bytea[])', [
    kinds.map((kind) => keyOf(kind, email)),
  ]);
}

function tooMany(kind: keyof typeof FREE, seconds: number): HttpProblem {
  const isMail = kind === 'mail' || kind === 'sender' || kind === 'newcomer';
  return new HttpProblem({
    status: 429,
    code: isMail ? 'mails-too-many' : 'guesses-too-many',
    detail: `${isMail ? 'Too many mails were asked for' : 'There were too many wrong passwords'}; wait ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

/** No row comes back while it is blocked: who keeps asking does not keep the owner out for longer. */
const COUNT = `
  insert into people.guess as g (key, failures, last_at, blocked_until)
  values ($1, 1, ledger.ledger_now(), ledger.ledger_now())
  on conflict (key) do update set
    failures = case when g.last_at < ledger.ledger_now() - interval '1 day' then 1 else g.failures + 1 end,
    last_at = ledger.ledger_now(),
    blocked_until = ledger.ledger_now() + case
      when g.last_at < ledger.ledger_now() - interval '1 day' or g.failures < $2::int then interval '0'
      else least($3::int, power(2, least(20, g.failures - $2::int))) * interval '1 second'
    end
  where g.blocked_until <= ledger.ledger_now()
  returning key`;

const WAIT = `
  select extract(epoch from blocked_until - ledger.ledger_now())::float8 as seconds
  from people.guess where key = $1`;

/** What is a day old, a few at a time. */
const FORGET = `
  delete from people.guess where key in (
    select key from people.guess where last_at < ledger.ledger_now() - interval '1 day'
    order by last_at limit 100 for update skip locked)`;

/** Neither mail addresses nor those of machines stand in the table. */
function keyOf(kind: keyof typeof FREE, text: string): Buffer {
  return createHash('sha256').update(`${kind}:${text}`).digest();
}
