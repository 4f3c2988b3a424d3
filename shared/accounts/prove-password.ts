import { HttpProblem, notFound } from '#shared/http';
import type { Passwords } from '#shared/passwords';
import type { Account, Accounts } from './accounts.ts';
import type { Guesses } from './guesses.ts';

/**
 * A token that was stolen does not suffice for what cannot be undone: the password is asked for, and guessing is slow.
 *
 * @param proof `address`: of the client, or the group that it counts under
 * @throws HttpProblem 403 `password-wrong`, 404, 429 `guesses-too-many`
 */
export async function provePassword(
  { account, password, address }: { account: string; password: string; address: string },
  { accounts, passwords, guesses }: { accounts: Accounts; passwords: Passwords; guesses: Guesses },
): Promise<Account> {
  const own = await accounts.find(account);
  if (own === undefined) throw notFound('account');
  const guess = { email: own.email, address };
  await guesses.attempt(guess);
  const kept = await accounts.findByEmail(own.email);
  if (!(await passwords.verify(password, kept?.password)))
    throw new HttpProblem({
      status: 403,
      code: 'password-wrong',
      detail: 'This is not the password of your account.',
      errors: [{ field: 'password', message: 'This is not it.' }],
    });
  await guesses.passed(guess);
  return own;
}
