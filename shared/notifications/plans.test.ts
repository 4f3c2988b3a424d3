import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { PUSH } from './ask-for-pushes.ts';
import { GUESTS, READERS } from './audiences.ts';
import { COUNT_OLDER, FIRST_OLDER, MARK_ABOUT, MARK_UP_TO } from './change.ts';
import { DUE_PEOPLE, FORGET, GATHER } from './digests.ts';
import { ENDED } from './ended-runs.ts';
import { OF_MAILING } from './letter.ts';
import { LISTS, SUBSCRIPTIONS, UNREAD } from './notifications.ts';
import { DUE } from './pushes.ts';
import { MAIL, RECIPIENTS } from './tell.ts';

/** Without an index these would read every row. */
const PEOPLE = 4_000;
let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@e.org', 'h' || md5(n::text), 'N', 'none' from generate_series(1, $1) n`,
    [PEOPLE],
  );
  for (const text of [
    'insert into people.notification_settings (account) select id from people.account',
    `insert into people.mailing (id, account, kind, created_at)
     select gen_random_uuid(), id, 'liked', now() - n * interval '1 day' from people.account, generate_series(1, 5) n`,
    `insert into people.notification (account, kind, subject, in_app, is_open, changed_at, read_at, mail_at)
     select id, 'liked', n::text, n % 7 > 0, true, now() - n * interval '10 days', case when n % 3 = 0 then now() end,
       case when n % 10 = 0 then now() + n * interval '1 minute' end
     from people.account, generate_series(1, 20) n`,
    `update people.notification set mailing = m.id from people.mailing m
     where m.account = notification.account and notification.mail_at is null and subject = '1'`,
    `insert into people.notified (account, key, at) select id, n::text, now() - n * interval '10 days'
     from people.account, generate_series(1, 10) n`,
    `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
     select gen_random_uuid(), id, 'https://e.org', sha256(handle::bytea), '', '', '' from people.account`,
    `insert into people.block select a.id, b.id from people.account a, lateral (
       select id from people.account where id > a.id order by id limit 3) b`,
    `insert into people.mute select blocker, blocked from people.block`,
    `insert into ledger.run (id, flow, owner, title, state, settled_at)
     select gen_random_uuid(), case when n % 20 = 0 then 'video' else 'command' end, 'me', '', 'completed', now()
     from generate_series(1, 10000) n`,
    `insert into people.conversation (id, kind, title) select id, 'group', 'T' from people.account`,
    `insert into people.participant (conversation, account) select id, id from people.account`,
    `insert into people.message (id, conversation, seq, author, text, words) select id, id, 1, id, '', '' from people.account`,
    `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at)
     select id, id, id::text, 'T', '2030-01-01', '2030-01-02', now(), now() from people.account`,
    `insert into people.participation (gathering, account, state, reminded_until) select id, id, 'going', now() from people.account`,
    'analyze',
  ])
    await fixture.rows(text);
}, 120_000);
afterAll(() => fixture?.close());

const ID = '00000000-0000-4000-8000-000000000000';
const NOW = '2026-01-02T03:04:05.678Z';

it.each<[string, string, readonly unknown[]]>([
  ['a page of the list', LISTS.listed, [ID, NOW, ID, 20]],
  ['a page of what is unread', LISTS.unread, [ID, NOW, ID, 20]],
  ['a page of all', LISTS.all, [ID, NOW, ID, 20]],
  ['how many are unread', UNREAD, [ID]],
  ['browsers of one', SUBSCRIPTIONS, [ID]],
  ['what is marked read up to one', MARK_UP_TO, [ID, NOW, ID, 10_000]],
  ['what is older than what is marked', FIRST_OLDER, [ID, NOW, ID, 10_000]],
  ['how much that is', COUNT_OLDER, [ID, NOW, ID]],
  ['what tells of one thing', MARK_ABOUT, [ID, 'liked', '1']],
  ['who wants to hear', RECIPIENTS, [[ID], ID, 'liked']],
  ['mails of the last hour', MAIL, [[ID], 'liked', 3]],
  ['browsers to tell', PUSH, [[ID], 'usual', 20]],
  ['what a browser is told', DUE, [ID, ID, 20]],
  ['what stands in a mail', OF_MAILING, [ID, 50]],
  ['whose digest is due', DUE_PEOPLE, [1_000]],
  ['what waits of some', GATHER, [[ID]]],
  ['runs that ended', ENDED, [NOW, ID, 15, 100, 20]],
  ['who has a message to read', READERS, [ID]],
  ['guests of an event', GUESTS, [ID]],
  ...FORGET.map((text, index): [string, string, unknown[]] => [`what is old (${index})`, text, [1_000]]),
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});

it.each([
  ['how many are unread', UNREAD, [ID]],
  ['a page of what is unread', LISTS.unread, [ID, NOW, ID, 20]],
  ['what is marked read up to one', MARK_UP_TO, [ID, NOW, ID, 10_000]],
  ['how much is older', COUNT_OLDER, [ID, NOW, ID]],
])('begins %s after what was read together', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).toMatch(
    /(using notification_unread on notification|on notification_unread ).*\n\s+Index Cond: .*account = \$1.*ROW\(changed_at, id\) > ROW\(/,
  );
});
