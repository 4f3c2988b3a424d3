import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { PARTS } from './parts.ts';
import { EMPTY, findRows, TAKE_MESSAGES, takeBelow, takeFound, takeRows } from './statements.ts';

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
});
afterAll(() => fixture?.close());

/** The plan for any values where no table may be read whole: an index that is missing shows whatever is in the tables. */
async function planOf(text: string): Promise<string> {
  const client = await fixture.pool.connect();
  try {
    await client.query('set enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    client.release(true);
  }
}

it.each([
  ...PARTS.map((part) => [
    `${part.table} by ${part.column}`,
    part.below === undefined ? takeRows(part) : findRows(part),
  ]),
  ...PARTS.flatMap((part) =>
    part.below === undefined ? [] : [[`${part.table} by its id`, takeFound(part)]],
  ),
  ...PARTS.flatMap(({ table, below = [] }) =>
    below.map((rows) => [`${rows.table} of a ${table}`, takeBelow(rows)]),
  ),
  ['what everybody left', EMPTY],
  ['the messages of a conversation', TAKE_MESSAGES],
])('finds %s by an index', async (_, text) => {
  const plan = await planOf(text);
  expect(plan).not.toContain('Seq Scan');
  const scans = plan.match(/(Index Scan|Index Only Scan|Bitmap Index Scan)/g) ?? [];
  expect(scans.length).toBeGreaterThan(0);
  if (text !== EMPTY) expect(plan.match(/Index Cond/g)).toHaveLength(scans.length);
});

const columns = PARTS.flatMap(({ table, column, below = [] }) => [
  `${table}.${column}`,
  ...below.map((rows) => `${rows.table}.${rows.column}`),
]);

/** A condition on its later columns reads all of an index. */
it('has an index that begins with each column by which rows are taken', async () => {
  const rows = await fixture.rows<{ at: string }>(
    `select distinct replace(i.indrelid::regclass::text, 'people.', '') || '.' || a.attname as at
     from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = '(' || a.attname || ' IS NOT NULL)'`,
  );
  const led = new Set(rows.map(({ at }) => at));
  expect(columns.filter((at) => !led.has(at))).toEqual([]);
});

/** Columns that refer to a table's rows. */
async function referencesTo(table: string): Promise<string[]> {
  const rows = await fixture.rows<{ at: string }>(
    `select replace(c.conrelid::regclass::text, 'people.', '') || '.' || a.attname as at
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
     where c.contype = 'f' and c.confrelid = $1::regclass order by 1`,
    [`people.${table}`],
  );
  return rows.map(({ at }) => at);
}

/** What goes with a person's own row, because there is little of it. */
const WITH_HIM: Readonly<Record<string, string>> = {
  'session.account': 'gone with the account',
  'letter.account': 'gone with the account',
  'push_subscription.account': 'gone with the account',
  'notification_settings.account': 'one row',
  'newest.author': 'one row',
  'hearer.account': 'one row',
  'follower_count.account': 'sixteen rows',
  'calendar.owner': 'fifty-one rows, and their events are his',
  'conversation.first': 'null already where he is no participant',
  'conversation.second': 'null already where he is no participant',
};

it('takes every table that refers to a person', async () => {
  const found = await referencesTo('person');
  expect(found.length).toBeGreaterThan(25);
  expect(found).toEqual(
    [...PARTS.map(({ table, column }) => `${table}.${column}`), ...Object.keys(WITH_HIM)]
      .filter((at) => at !== 'heard.account')
      .sort(),
  );
});

/** What goes with the row that it hangs on, because there is little of it. */
const WITH_IT = new Set([
  // A post has sixteen rows at most, a comment twenty, an event as many instances as its owner moved, a picture what he shows.
  ...['post_count.post', 'mention.comment', 'gathering.series', 'picture_use.picture'],
  // One row, of an event whose times changed lately.
  'retimed.gathering',
  // His own, and gone before.
  'notification.mailing',
]);

it('takes first what hangs on rows by the thousand', async () => {
  for (const { table, change, below = [] } of PARTS) {
    if (change === 'forget') continue;
    const hangs = (await referencesTo(table)).filter((at) => !WITH_IT.has(at));
    expect({ table, hangs }).toEqual({
      table,
      hangs: below.map((rows) => `${rows.table}.${rows.column}`).sort(),
    });
  }
});
