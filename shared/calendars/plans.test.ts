import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { OWN } from './calendar.ts';
import { BY_TOKEN, LIST } from './calendars.ts';
import { IMPORTED, ONE, OWN_ENTRIES } from './entries.ts';
import { FEED, TAKE_DUE } from './feed.ts';

/** Without an index these would read every row. */
const PEOPLE = 2_000;
const ID = '00000000-0000-4000-8000-000000000001';
let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  const { rows } = fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@e.org', 'h' || md5(n::text), 'n', 'none' from generate_series(1, $1) n`,
    [PEOPLE],
  );
  await rows(
    `insert into people.calendar (id, owner, kind, name, url, due_at, feed_token)
     select gen_random_uuid(), id, 'feed', n::text, 'https://e.org/' || n, now(), md5(id::text || n)
     from people.account, generate_series(1, 4) n`,
  );
  await rows(
    `insert into people.gathering (id, owner, calendar, uid, title, starts, ends, zone, starts_at, ends_at)
     select gen_random_uuid(), owner, case when n > 1 then id end, id::text || n, 'n', '', '', 'UTC', now(), now()
     from people.calendar, generate_series(1, 3) n`,
  );
  await rows(
    `insert into people.participation (gathering, account, state, reminded_until)
     select g.id, a.id, 'going', now() from (select id, row_number() over () n from people.gathering) g
     join (select id, row_number() over () n from people.account) a on a.n = g.n`,
  );
  for (const pairs of ['follow (follower, followed, state)', 'block (blocker, blocked)'])
    await rows(
      `insert into people.${pairs} select a.id, b.id${pairs.startsWith('follow') ? ", 'accepted'" : ''}
       from (select id, row_number() over () n from people.account) a
       join (select id, row_number() over () n from people.account) b on b.n % 500 = a.n % 500 and a.id <> b.id`,
    );
  await rows(
    `insert into people.invitation (gathering, account)
     select g.id, a.id from (select id, row_number() over () n from people.gathering) g
     join (select id, row_number() over () n from people.account) a on a.n = g.n % 2000`,
  );
  await rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

it.each<[string, string, readonly unknown[]]>([
  ['somebody’s own', OWN, [ID]],
  ['a page', LIST, [ID, '2030-01-01T00:00:00Z', ID, 21]],
  ['one by its secret address', BY_TOKEN, ['x']],
  ['a feed', FEED, [ID]],
  ['feeds whose time has come', TAKE_DUE, [500]],
  ['what came with one', IMPORTED, [ID, 5_000]],
  ['what is one’s own', OWN_ENTRIES, [ID, 5_000]],
  ['an event with its instances', ONE, [ID, ID]],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});
