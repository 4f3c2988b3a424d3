import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Statement } from './statement.ts';

/** BEGIN, the statements and COMMIT in one trip to the server; answers the rows of the last statement. */
export async function inOneTrip<Row extends QueryResultRow>(
  pool: Pool,
  statements: readonly (readonly [Statement, readonly unknown[]])[],
): Promise<readonly Row[]> {
  const tx: PoolClient = await pool.connect();
  let broken: Error | undefined;
  try {
    const answers = await Promise.allSettled([
      tx.query('begin'),
      ...statements.map(([{ name, text }, values]) => tx.query<Row>({ name, text, values: [...values] })),
      // After an error in one of them the server rolls back here.
      tx.query('commit'),
    ]);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) {
      broken = failed.reason as Error;
      throw broken;
    }
    const last = answers.at(-2);
    return last?.status === 'fulfilled' ? (last.value.rows as Row[]) : [];
  } finally {
    tx.release(broken);
  }
}
