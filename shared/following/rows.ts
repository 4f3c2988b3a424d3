import type { Pool } from '#shared/database';
import type { Transaction } from '#shared/ledger';

/** What is read on: a command's transaction, or any session. */
export type Reading = Pool | Transaction;

/** A pool answers rows with more about them, a transaction the rows. */
export async function rowsOf<Row>(
  db: Reading,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const found: unknown = await (db as Transaction).query(text, values);
  return (Array.isArray(found) ? found : (found as { rows: Row[] }).rows) as readonly Row[];
}
