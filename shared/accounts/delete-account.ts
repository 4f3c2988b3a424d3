import type { Transaction } from '#shared/ledger';

/** Removes an account with its sessions: nobody is called so any more. Answers whether there was one. */
export async function deleteAccount(tx: Transaction, account: string): Promise<boolean> {
  const gone = await tx.query('delete from people.account where id = $1 returning id', [account]);
  return gone.length > 0;
}
