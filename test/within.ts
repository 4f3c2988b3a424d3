import type { Pool } from '#shared/database';
import type { Transaction } from '#shared/ledger';

/** Writes in one transaction, as a commit does; what throws leaves nothing. */
export async function within<Made>(pool: Pool, write: (tx: Transaction) => Promise<Made>): Promise<Made> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const made = await write({
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    });
    await client.query('commit');
    return made;
  } catch (error) {
    // Whoever comes next finds nothing of it locked.
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
