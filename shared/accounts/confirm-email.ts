import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import { dropLetters } from './letters.ts';

export type ConfirmedEmail =
  | { readonly state: 'gone' }
  /** `before`: the address that he had, where it was another. */
  | { readonly state: 'confirmed'; readonly before: string | undefined };

/**
 * Somebody showed that he reads what is mailed to this address: it is that of his account now.
 *
 * @throws Conflict `email-taken`: somebody else came first
 */
export async function confirmEmail(
  tx: Transaction,
  { account, email }: { account: string; email: string },
): Promise<ConfirmedEmail> {
  const [found] = await tx.query<{ email: string }>(
    'select email from people.account where id = $1 for update',
    [account],
  );
  if (found === undefined) return { state: 'gone' };
  if (found.email === email) {
    await tx.query(
      `update people.account set email_verified_at = coalesce(email_verified_at, ledger.ledger_now()) where id = $1`,
      [account],
    );
    return { state: 'confirmed', before: undefined };
  }
  await tx
    .query(
      `update people.account set email = $2, email_verified_at = ledger.ledger_now(), version = version + 1
       where id = $1`,
      [account, email],
    )
    .catch((error: unknown) => {
      const { code, constraint } = error as { code?: unknown; constraint?: unknown };
      if (code === '23505' && constraint === 'account_email') throw taken();
      throw error;
    });
  // What was mailed to the address that he left.
  await dropLetters(tx, { account, kinds: ['verify-email', 'reset-password'] });
  return { state: 'confirmed', before: found.email };
}

function taken(): Conflict {
  return new Conflict('email-taken', 'Somebody else has this e-mail address meanwhile.', { field: 'email' });
}
