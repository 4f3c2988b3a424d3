import { HttpProblem, notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { Passwords } from '#shared/passwords';
import type { Account, Accounts } from './accounts.ts';
import type { Guesses } from './guesses.ts';

/** A password that was shown to be somebody's, as the hash that it was held against. */
export interface ProvenPassword {
  readonly account: string;
  readonly hash: string;
}

/**
 * A token that was stolen does not suffice for what cannot be undone: the password is asked for, and guessing is slow.
 *
 * @param proof `address`: of the client, or the group that it counts under
 * @returns `proven`: for {@link holdPassword}, in the transaction that follows
 * @throws HttpProblem 403 `password-wrong`, 404, 429 `guesses-too-many`
 */
export async function provePassword(
  { account, password, address }: { account: string; password: string; address: string },
  { accounts, passwords, guesses }: { accounts: Accounts; passwords: Passwords; guesses: Guesses },
): Promise<{ own: Account; proven: ProvenPassword }> {
  const own = await accounts.find(account);
  if (own === undefined) throw notFound('account');
  const guess = { email: own.email, address };
  await guesses.attempt(guess);
  const kept = await accounts.findByEmail(own.email);
  const isRight = await passwords.verify(password, kept?.password);
  if (kept === undefined || !isRight) throw passwordWrong();
  await guesses.passed(guess);
  return { own, proven: { account: own.id, hash: kept.password } };
}

/**
 * Whether it still is the password, and stays so until the transaction ends: it was verified before that began, and who
 * resets it in between means to shut out whoever knows the old one. Nothing that refers to the account waits for this.
 */
export async function holdPassword(tx: Transaction, { account, hash }: ProvenPassword): Promise<boolean> {
  const found = await tx.query(
    'select from people.account where id = $1 and password = $2 for no key update',
    [account, hash],
  );
  return found.length > 0;
}

export function passwordWrong(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'password-wrong',
    detail: 'This is not the password of your account.',
    errors: [{ field: 'password', message: 'This is not it.' }],
  });
}
