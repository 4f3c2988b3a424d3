import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { MOVED } from './gathering.ts';
import { FIND } from './gatherings.ts';
import { GUESTS, LISTS, PARTICIPANTS } from './lists.ts';
import { WITH_ROOM } from './participate.ts';
import { DUE } from './reminders.ts';
import { LAST, GUESTS as TO_REMIND } from './retime.ts';

/** Without an index these would read every row; their number is what a small town has. */
const PEOPLE = 2_000;
const ID = '00000000-0000-4000-8000-000000000001';
let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  const { rows } = fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@e.org', 'h' || md5(n::text), 'n', 'none'
     from generate_series(1, $1) n`,
    [PEOPLE],
  );
  await rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, zone, starts_at, ends_at, rule, until_at,
       capacity, created_at)
     select gen_random_uuid(), a.id, a.id::text || n, 'n', '', '', 'UTC', at, at + interval '1 hour',
       case when n % 4 = 0 then 'FREQ=DAILY' end, case when n % 4 > 0 then at + interval '1 hour' end, 3, at
     from people.account a, generate_series(1, 8) n, lateral (select now() + random() * interval '900 days' as at) t`,
  );
  await rows(
    `insert into people.gathering (id, owner, uid, series, recurrence_id, title, starts, ends, zone, starts_at, ends_at)
     select gen_random_uuid(), owner, uid, id, '2030-01-01T00:00:00', 'n', '', '', 'UTC', starts_at, ends_at
     from people.gathering where rule is not null`,
  );
  for (const pairs of ['follow (follower, followed, state)', 'block (blocker, blocked)'])
    await rows(
      `insert into people.${pairs} select a.id, b.id${pairs.startsWith('follow') ? `, 'accepted'` : ''}
       from (select id, row_number() over () n from people.account) a
       join (select id, row_number() over () n from people.account) b on b.n % 500 = a.n % 500 and a.id <> b.id`,
    );
  await rows('alter table people.participation disable trigger participation_added');
  await rows(
    `insert into people.participation (gathering, account, state, remind_minutes, remind_at, reminded_until)
     select g.id, ('00000000-0000-4000-8000-' || lpad((1 + abs(hashtext(g.id::text || n)) % $1)::text, 12, '0'))::uuid,
       (array['going', 'going', 'maybe', 'waiting'])[n], 60, case when n < 4 then g.starts_at end, now()
     from people.gathering g, generate_series(1, 4) n where g.series is null on conflict do nothing`,
    [PEOPLE],
  );
  await rows(
    `insert into people.invitation (gathering, account)
     select g.id, ('00000000-0000-4000-8000-' || lpad((1 + abs(hashtext(n || g.id::text)) % $1)::text, 12, '0'))::uuid
     from people.gathering g, generate_series(1, 2) n where g.series is null on conflict do nothing`,
    [PEOPLE],
  );
  await rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

const from = '2026-12-01T00:00:00Z';
const to = '2027-01-01T00:00:00Z';
const once = [ID, from, to, from, ID, 21, ID];
const series = [ID, from, to, 200, ID];

it.each<[string, string, readonly unknown[]]>([
  ['what one owns that happens once', LISTS.own.once, once],
  ['the series that one owns', LISTS.own.series, series],
  ['what one takes part in that happens once', LISTS.joined.once, once],
  ['the series that one takes part in', LISTS.joined.series, series],
  ['an event', FIND, [ID, ID]],
  ['instances that were moved', MOVED, [[ID]]],
  ['who takes part', PARTICIPANTS, [ID, 'going', '0', 20, ID]],
  ['who is invited', GUESTS, [ID, ID, 20]],
  ['who is to be reminded', DUE, [2_000]],
  ['the end of a piece of guests', LAST, [ID, ID, 4_999]],
  ['guests of a piece', TO_REMIND, [ID, ID, ID]],
  ['where there is room', WITH_ROOM, [20]],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});
