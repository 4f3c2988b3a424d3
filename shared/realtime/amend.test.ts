import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Transaction } from '#shared/ledger';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { AMEND } from './amend.ts';
import { amend } from './index.ts';

let fixture: LedgerFixture;
const [id, other] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.told (type, data)
     select 'message.sent', jsonb_build_object('id', gen_random_uuid(), 'text', 'x') from generate_series(1, 20000)
     union all select 'message.sent', jsonb_build_object('id', $1::text, 'text', 'secret', 'seq', 1)
     union all select 'run.progressed', jsonb_build_object('id', $1::text, 'text', 'kept')
     union all select 'message.sent', jsonb_build_object('id', $2::text, 'text', 'kept')
     union all select 'read.marked', '{"text": "kept"}'`,
    [id, other],
  );
  await fixture.rows('analyze people.told');
});
afterAll(() => fixture?.close());

it('changes what was told of one thing, found by an index, and nothing else', async () => {
  const tx: Transaction = { query: (text, values = []) => fixture.rows(text, values) };
  await amend(tx, { id, types: ['message.sent'], changes: { text: '' } });
  const told = await fixture.rows(
    "select data->>'text' as text, data->'seq' as seq from people.told where data->>'text' <> 'x' order by id",
  );
  expect(told).toEqual([
    { text: '', seq: 1 },
    { text: 'kept', seq: null },
    { text: 'kept', seq: null },
    { text: 'kept', seq: null },
  ]);
  const plan = await fixture.rows(`explain ${AMEND}`, [id, ['message.sent'], '{}']);
  expect(JSON.stringify(plan)).toMatch(/told_of/);
});
