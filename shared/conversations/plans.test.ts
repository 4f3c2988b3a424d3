import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { HOLD_MESSAGE } from './change-message.ts';
import { AFTER, BEFORE, FIND, LIST, MESSAGE, SEARCH, TYPING, UNREAD } from './conversations.ts';
import { MARK, MOVE } from './mark-read.ts';
import { HEARERS, HOLD, STANDING } from './membership.ts';
import { MENTIONED } from './mentions.ts';
import { MEMBERS } from './news.ts';
import { RECENT } from './send-message.ts';

/** Without an index these would read every row of a town that talks. */
const PEOPLE = 8_000;
let fixture: LedgerFixture;
let someone = '';
let conversation = '';
let message = '';

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  const { rows } = fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@e.org', 'h' || n, 'n' || n, 'none' from generate_series(1, $1) n`,
    [PEOPLE],
  );
  await rows(
    `insert into people.conversation (id, kind, title, last_seq, active_at)
     select gen_random_uuid(), 'group', 'g' || n, 2, now() - n * interval '1 minute' from generate_series(1, $1) n`,
    [PEOPLE],
  );
  // Some of them take part in many.
  await rows(
    `with c as (select id, row_number() over (order by id) as n from people.conversation),
       a as (select id, row_number() over (order by id) as n from people.account)
     insert into people.participant (conversation, account)
     select c.id, a.id from c
     cross join lateral (values (c.n), (1 + (c.n * 7) % $1), (1 + (c.n * 17) % 997)) taking (part)
     join a on a.n = taking.part on conflict do nothing`,
    [PEOPLE],
  );
  await rows(
    `insert into people.message (id, conversation, seq, author, text, words, sent_at)
     select gen_random_uuid(), c.id, s, p.account, 'hello', array_to_tsvector(array[c.number || ':hello']),
       c.active_at
     from people.conversation c cross join generate_series(1, 2) s
     cross join lateral (select account from people.participant where conversation = c.id limit 1) p`,
  );
  await rows(
    `insert into people.reaction (message, emoji, account)
     select id, '👍', author from people.message where seq = 2`,
  );
  await rows(
    `insert into people.block (blocker, blocked)
     select a.id, lead(a.id) over (order by a.id) from people.account a order by a.id limit $1`,
    [PEOPLE - 1],
  );
  await rows('vacuum analyze');
  const [first] = await rows<{ account: string; conversation: string; message: string }>(
    `select p.account, p.conversation, m.id as message from people.participant p
     join people.message m using (conversation)
     group by 1, 2, 3 order by (select count(*) from people.participant o where o.account = p.account) desc limit 1`,
  );
  someone = first?.account ?? '';
  conversation = first?.conversation ?? '';
  message = first?.message ?? '';
}, 120_000);
afterAll(() => fixture?.close());

const LATEST = '9999-12-31T00:00:00Z';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

it.each<[string, string, () => readonly unknown[]]>([
  ['one’s conversations', LIST, () => [someone, LATEST, LAST, 20]],
  ['what waits for one', UNREAD, () => [someone]],
  ['a conversation', FIND, () => [someone, conversation]],
  ['the newest messages', BEFORE, () => [someone, conversation, 2 ** 31 - 1, 50]],
  ['the next messages', AFTER, () => [someone, conversation, 3, 50]],
  ['a message', MESSAGE, () => [someone, message]],
  ['words', SEARCH, () => [someone, "'#:hello':*", LATEST, LAST, 20]],
  ['who hears one typing', TYPING, () => [someone, conversation]],
  ['how one stands to the other', STANDING, () => [conversation, someone]],
  ['who hears a message', HEARERS, () => [conversation, 3]],
  ['who is mentioned', MENTIONED, () => [['h1', 'h2'], conversation, someone]],
  ['members', MEMBERS, () => [conversation]],
  ['how much one sent lately', RECENT, () => [someone, 60]],
  ['a conversation to hold', HOLD, () => [conversation, someone]],
  ['a message to hold', HOLD_MESSAGE, () => [message, someone, 24]],
  ['what is read', MOVE, () => [conversation, someone, 4]],
  ['how far one has read', MARK, () => [conversation, someone]],
])('finds %s by an index', async (_, text, values) => {
  const client = await fixture.pool.connect();
  try {
    const given = values();
    const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(`explain (format json) ${text}`, [
      ...given,
    ]);
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    expect(plan.match(/"Node Type":"Seq Scan".*?"Relation Name":"\w+"/g) ?? []).toEqual([]);
    expect(plan).toMatch(/Index/);
  } finally {
    client.release();
  }
});
