import type { Transaction } from '#shared/ledger';
import { forgetGuesses } from './guesses.ts';

/**
 * Ends an account: from the commit on nobody is called so, signed in as it, or found by it, whatever is still kept of it.
 * The rest goes with the erasure, in pieces. Answers whether there was one.
 */
export async function deleteAccount(tx: Transaction, account: string): Promise<boolean> {
  const [known] = await tx.query<{ email: string; isVerified: boolean }>(
    `select email, email_verified_at is not null as "isVerified"
     from people.person where id = $1 and ended_at is null for update`,
    [account],
  );
  if (known === undefined) return false;
  await tx.query(END, [account]);
  for (const statement of AT_ONCE) await tx.query(statement, [account]);
  await forgetGuesses(tx, known.email, known);
  return true;
}

const END = `
  update people.person
  set ended_at = ledger.ledger_now(), email = null, handle = null, name = '', about = '', password = '', roles = '{}',
    email_verified_at = null
  where id = $1`;

/** What lets somebody in, or tells others something, without a look at the account; there are few of each. */
const AT_ONCE = [
  'delete from people.session where account = $1',
  'delete from people.letter where account = $1',
  'delete from people.push_subscription where account = $1',
  'delete from people.notification_settings where account = $1',
  'delete from people.newest where author = $1',
  'update people.calendar set feed_token = null, due_at = null where owner = $1',
];
