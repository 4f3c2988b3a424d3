import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { SHOWN_BY } from './pictures.ts';
import { UNUSED } from './rows.ts';

const ID = '00000000-0000-4000-8000-000000000001';
let fixture: LedgerFixture;

/** Without an index these would read every row; their number is what a small town has. */
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@e.org', 'h' || md5(n::text), 'n', 'none' from generate_series(1, 1000) n`,
  );
  await fixture.rows(
    `insert into people.picture (id, owner, state, unused_since)
     select gen_random_uuid(), id, 'ready', case when n = 1 then now() end from people.account, generate_series(1, 20) n`,
  );
  await fixture.rows(
    `insert into people.picture_use (picture, kind, used_by)
     select id, 'gathering', gen_random_uuid() from people.picture where unused_since is null`,
  );
  await fixture.rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

it.each<[string, string, readonly unknown[]]>([
  ['what an event shows', SHOWN_BY, ['gathering', [ID]]],
  ['what nothing shows', UNUSED, [500]],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});
