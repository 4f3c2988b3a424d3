import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { BLOCKED_BETWEEN } from './between.ts';
import { STANDING } from './following.ts';
import { LISTS } from './lists.ts';

/** Without an index these would read every row; their number is what a small town has. */
const PEOPLE = 20_000;
let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@e.org', 'h' || md5(n::text), 'n', 'none'
     from generate_series(1, $1) n`,
    [PEOPLE],
  );
  const pairs = `select a.id, b.id from (select id, row_number() over () n from people.account) a
     join (select id, row_number() over () n from people.account) b on b.n % 5000 = a.n % 5000 and a.id <> b.id`;
  await fixture.rows(
    `insert into people.follow (follower, followed, state)
     select p.a, p.b, case when random() < 0.9 then 'accepted' else 'requested' end from (${pairs}) p (a, b)`,
  );
  await fixture.rows(`insert into people.block (blocker, blocked) ${pairs}`);
  await fixture.rows(`insert into people.mute (muter, muted) ${pairs}`);
  await fixture.rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

const ID = '00000000-0000-4000-8000-000000000001';
const page = [ID, '2026-01-02T03:04:05Z', ID, 20, ID];

it.each<[string, string, readonly unknown[]]>([
  ...Object.entries(LISTS).map(([name, text]) => [name, text, page] as [string, string, typeof page]),
  ['how one stands to another', STANDING, [ID, ID]],
  ['who keeps whom away', BLOCKED_BETWEEN, [ID, ID]],
  [
    'whether somebody follows as many as one can',
    'select from people.follow where follower = $1 offset $2',
    [ID, 10],
  ],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});

it('counts what is there, however many come or go in one statement', async () => {
  const wrong = () =>
    fixture.rows(
      `select from people.follower_count c group by account
       having sum(followers) <> (select count(*) from people.follow where followed = account and state = 'accepted')`,
    );
  expect(await wrong()).toEqual([]);
  await fixture.rows(`update people.follow set state = 'accepted' where followed < $1`, [
    '00000000-0000-4000-8000-000000009000',
  ]);
  await fixture.rows(`delete from people.account where id > $1`, ['00000000-0000-4000-8000-000000019500']);
  expect(await wrong()).toEqual([]);
}, 120_000);
