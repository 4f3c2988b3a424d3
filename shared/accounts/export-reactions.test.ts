import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { EXPORT_PARTS } from './export-parts.ts';
import { createAccounts } from './index.ts';

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

const scansOf = (plan: Plan): readonly Plan[] => [
  ...(plan['Relation Name'] === 'reaction' ? [plan] : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];

const MESSAGES = 3_000;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const me = randomUUID();
let fixture: LedgerFixture;

/** Two reactions to each of many messages. */
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  const statements: readonly [string, ...unknown[]][] = [
    [
      `insert into people.account (id, email, handle, name, password) values ($1, 'me@e.org', 'me', 'me', 'none')`,
      me,
    ],
    [`insert into people.conversation (id, kind, title) values ($1, 'group', 'T')`, me],
    [
      `insert into people.message (id, conversation, seq, author, text, words)
       select gen_random_uuid(), $1, n, $1, '', '' from generate_series(1, $2::int) n`,
      ...[me, MESSAGES],
    ],
    [
      `insert into people.reaction (message, emoji, account, reacted_at)
       select id, emoji, $1, now() - random() * interval '1 day' from people.message, unnest(array['b', 'a']) emoji`,
      me,
    ],
    ['analyze'],
  ];
  for (const [text, ...values] of statements) await fixture.rows(text, values);
}, 60_000);
afterAll(() => fixture?.close());

it('gives each reaction once, those of a message together', async () => {
  const accounts = createAccounts({ pool: fixture.pool });
  const entries: object[] = [];
  for (let from: string | undefined = 'reactions'; from?.startsWith('reactions'); ) {
    const page = await accounts.exported({ account: me, from, limit: 700 });
    if (page === undefined) throw new Error(from);
    entries.push(...page.entries);
    from = page.next;
  }
  expect(new Set(entries.map((entry) => (entry as { message: string }).message)).size).toBe(MESSAGES);
  expect(entries).toHaveLength(MESSAGES);
  for (const entry of entries)
    expect(entry).toEqual({
      at: expect.any(String),
      message: expect.any(String),
      emojis: ['a', 'b'],
    });
});

it.each(['force_generic_plan', 'force_custom_plan'])(
  'reads for a page what stands on it, however many there are (%s)',
  async (mode) => {
    const client = await fixture.pool.connect();
    try {
      await client.query(`set plan_cache_mode = ${mode}`);
      await client.query(`prepare asked(unknown, unknown, unknown, unknown) as ${EXPORT_PARTS.reactions}`);
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, format json) execute asked('${me}', 'infinity', '${LAST_ID}', 21)`,
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan === undefined) throw new Error('no plan');
      expect(plan['Actual Rows']).toBe(21);
      const read = scansOf(plan);
      expect(read.length).toBeGreaterThan(0);
      // Two of each message, and what a sort takes ahead; of 6,000.
      for (const scan of read) expect(scan['Actual Rows']).toBeLessThan(150);
    } finally {
      client.release(true);
    }
  },
);
