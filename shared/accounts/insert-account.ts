import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import { handleTaken } from './update-profile.ts';

export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly handle: string;
  readonly name: string;
  /** A hash. */
  readonly password: string;
}

/** @throws Conflict `email-taken`, `handle-taken` */
export async function insertAccount(tx: Transaction, account: NewAccount): Promise<void> {
  const { id, email, handle, name, password } = account;
  // Of many at once one goes on; the others wait here for its commit.
  const made = await tx.query(
    `insert into people.account (id, email, handle, name, password) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning id`,
    [id, email, handle, name, password],
  );
  if (made.length > 0) return;
  const [taken] = await tx.query<{ email: boolean }>(
    'select exists (select from people.account where email = $1) as email',
    [email],
  );
  if (taken?.email === true)
    throw new Conflict('email-taken', 'Somebody registered with this e-mail address; sign in instead.', {
      field: 'email',
    });
  throw handleTaken();
}
