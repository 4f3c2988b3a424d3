import { Permanent } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import { dropLetters, dropMoves } from './letters.ts';
import { endSessions } from './sessions.ts';

/** So much must be left of a password without the name in it: a short name is part of many words. */
const LEAST_BESIDE = 8;

/** @throws Permanent `password-guessable` */
export function refuseGuessable(
  password: string,
  { handle, email }: { handle: string; email: string },
): void {
  const lower = password.toLowerCase();
  const beside = lower.split(handle).join('').trim();
  if (lower === email || (lower.includes(handle) && beside.length < LEAST_BESIDE))
    throw new Permanent(
      'password-guessable',
      `The password is little more than your own name: take another, or one with ${LEAST_BESIDE} characters beside it.`,
      { field: 'password' },
    );
}

/**
 * Sets a password: whoever was signed in with the old one is so no longer, but for the session `except`; nor does the
 * account move to an address that was asked for with it.
 *
 * @param change `password`: a hash
 * @returns whether there is such an account
 */
export async function changePassword(
  tx: Transaction,
  { account, password, except }: { account: string; password: string; except: string | undefined },
): Promise<boolean> {
  const changed = await tx.query('update people.account set password = $2 where id = $1 returning id', [
    account,
    password,
  ]);
  if (changed.length === 0) return false;
  await endSessions(tx, { account, except });
  await dropLetters(tx, { account, kinds: ['reset-password'] });
  // Whoever knew the old one may have asked for them.
  await dropMoves(tx, { account });
  return true;
}
