import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { oneRun } from './dashboards/one-run.ts';

const guide = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8');
const [, grants = ''] = /<!-- tested: a reader for Grafana -->\n *```sql\n([\s\S]*?)```/.exec(guide) ?? [];

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({ film: [on('pipeline.started')] }));
});
afterAll(() => fixture.close());

it('the dashboard of one run reads the ledger as it is, with no more rights than the guide gives', async () => {
  const run = await fixture.start();
  const client = await fixture.pool.connect();
  const found: Record<string, number> = {};
  try {
    // Roles belong to the whole server: this one goes with the transaction.
    await client.query(`begin; ${grants.replaceAll('…', 'of-the-test')}; set local role millrace_reader`);
    for (const { title, queries } of oneRun.panels) {
      const sql = (queries.rows ?? '').replaceAll(/\$\{run:sqlstring\}/g, `'${run}'`);
      found[title] = (await client.query(sql)).rows.length;
      const hostile = (queries.rows ?? '').replaceAll(/\$\{run:sqlstring\}/g, `'no id at all'`);
      expect((await client.query(hostile)).rows).toEqual([]);
    }
    await expect(client.query('update ledger.run set title = title')).rejects.toThrow(/permission denied/);
  } finally {
    await client.query('rollback');
    client.release();
  }
  expect(found).toEqual({ Run: 1, Steps: 1, Cost: 1, Events: 1 });
});
