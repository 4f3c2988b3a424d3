import type { LedgerFixture } from './ledger-fixture.ts';

/** The plan that a prepared statement gets for any values, as sessions of the platform plan it. */
export async function planOf(
  fixture: LedgerFixture,
  text: string,
  values: readonly unknown[],
): Promise<string> {
  const client = await fixture.pool.connect();
  try {
    await client.query('set plan_cache_mode = force_generic_plan');
    const types = values.map(() => 'unknown').join(', ');
    await client.query(`prepare asked${types === '' ? '' : `(${types})`} as ${text}`);
    const given = values.map(literal).join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain execute asked${given === '' ? '' : `(${given})`}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    client.release(true);
  }
}

function literal(value: unknown): string {
  if (value === null) return 'null';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  if (Array.isArray(value)) return `'{${value.join(',')}}'`;
  return typeof value === 'number' ? String(value) : `'${value}'`;
}
