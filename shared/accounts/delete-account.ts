import type { Transaction } from '#shared/ledger';
import { forgetGuesses } from './guesses.ts';

/**
 * Removes an account with its sessions, its letters and what was guessed at it: nobody is called so any more. Answers
 * whether there was one.
 */
export async function deleteAccount(tx: Transaction, account: string): Promise<boolean> {
  const [gone] = await tx.query<{ email: string }>(
    'delete from people.account where id = $1 returning email',
    [account],
  );
  if (gone !== undefined) await forgetGuesses(tx, gone.email);
  return gone !== undefined;
}
