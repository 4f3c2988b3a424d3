import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deleteAccount } from '#shared/accounts';
import {
  createLedgerFixture,
  type LedgerFixture,
  testTopology,
  waitingForLocks,
} from '../../test/ledger-fixture.ts';
import { within } from '../../test/within.ts';
import { createPeopleErasure } from './index.ts';

const FOLLOWERS = 5_200;
const [me, other] = [randomUUID(), randomUUID()];
let fixture: LedgerFixture;

/** More than a piece of each kind, all of it of two people and a crowd. */
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  const statements: [string, ...unknown[]][] = [
    [
      `insert into people.account (id, email, handle, name, password)
       select id, handle || '@e.org', handle, handle, 'none' from (values ($1::uuid, 'me'), ($2::uuid, 'other')) a (id, handle)`,
      ...[me, other],
    ],
    [
      `insert into people.account (id, email, handle, name, password)
       select gen_random_uuid(), n || '@e.org', 'crowd' || n, 'n', 'none' from generate_series(1, $1::int) n`,
      FOLLOWERS,
    ],
    [
      `insert into people.follow (follower, followed, state)
       select id, $1, 'accepted' from people.account where id <> $1
       union all select $1, id, 'accepted' from people.account where handle like 'crowd1%' or id = $2`,
      ...[me, other],
    ],
    [
      `insert into people.post (id, author, text) select gen_random_uuid(), a, 'x' from unnest($1::uuid[]) a, generate_series(1, 120)`,
      [me, other],
    ],
    [
      `insert into people.post_like (post, account)
       select p.id, a.id from people.post p, (select id from people.account order by handle limit 25) a
       union all select p.id, $1 from people.post p on conflict do nothing`,
      me,
    ],
    [
      `insert into people.post_comment (id, post, account, text)
       select gen_random_uuid(), p.id, a, 'x' from people.post p, unnest($1::uuid[]) a`,
      [me, other],
    ],
    ['insert into people.mention (post, comment, account) select post, id, account from people.post_comment'],
    [
      `insert into people.conversation (id, kind, title, last_seq) select gen_random_uuid(), 'group', n::text, 6 from generate_series(1, 220) n`,
    ],
    [
      `insert into people.participant (conversation, account) select id, a from people.conversation, unnest($1::uuid[]) a
       where a = $2 or title <> '1'`,
      ...[[me, other], me],
    ],
    [
      `insert into people.message (id, conversation, seq, author, text, words)
       select gen_random_uuid(), c.id, n, case when n % 2 = 0 then $1::uuid else $2::uuid end, 'said', 'x'
       from people.conversation c, generate_series(1, 6) n`,
      ...[me, other],
    ],
    [
      `insert into people.reaction (message, emoji, account) select id, 'x', a from people.message, unnest($1::uuid[]) a`,
      [me, other],
    ],
    [
      `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at)
       select gen_random_uuid(), a, a || n::text, 't', '2026-01-01', '2026-01-02', now(), now()
       from unnest($1::uuid[]) a, generate_series(1, 120) n`,
      [me, other],
    ],
    [
      `insert into people.participation (gathering, account, state, reminded_until)
       select g.id, a, 'going', now() from people.gathering g, unnest($1::uuid[]) a`,
      [me, other],
    ],
    [
      `insert into people.notification (account, kind, subject, actor, in_app)
       select case when n % 2 = 0 then $1::uuid else $2::uuid end, 'liked', n::text,
         case when n % 2 = 0 then $2::uuid else $1::uuid end, true from generate_series(1, 500) n`,
      ...[me, other],
    ],
    ['insert into people.notification_actor (notification, actor) select id, actor from people.notification'],
    [`insert into people.hearer (account, last) select unnest($1::uuid[]), 1`, [me, other]],
  ];
  for (const [text, ...values] of statements) await fixture.rows(text, values);
}, 120_000);
afterAll(() => fixture?.close());

/** Each count that is kept beside what it counts, where it is wrong. */
const wrongCounts = () =>
  fixture.rows(`
    select 'followers' as what from people.follower_count c group by account
    having sum(followers) <> (select count(*) from people.follow where followed = account and state = 'accepted')
    union all
    select 'likes' from people.post_count c group by post
    having sum(likes) <> (select count(*) from people.post_like l where l.post = c.post)
      or sum(comments) <> (select count(*) from people.post_comment m where m.post = c.post)
    union all
    select 'going' from people.gathering g
    where going <> (select count(*) from people.participation p where p.gathering = g.id and p.state = 'going')`);

/** How often an id stands in any row of any table of people. */
async function mentionsOf(id: string): Promise<Record<string, number>> {
  const tables = await fixture.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'people' and table_type = 'BASE TABLE'`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await fixture.rows<{ n: number }>(
      `select count(*)::int as n from people.${name} t where t::text like '%' || $1 || '%'`,
      [id],
    );
    if (row !== undefined && row.n > 0) found[name] = row.n;
  }
  return found;
}

it('takes nothing of whoever is there, and of nobody', async () => {
  const erasure = createPeopleErasure({ pool: fixture.pool });
  const before = await mentionsOf(other);
  for (const account of [other, randomUUID(), 'operator'])
    expect(await erasure.erase({ account })).toEqual({ more: false });
  expect(await mentionsOf(other)).toEqual(before);
});

it('takes all that somebody left in pieces, stopped between two or within one, and nothing of others', async () => {
  expect(await within(fixture.pool, (tx) => deleteAccount(tx, me))).toBe(true);
  expect(await fixture.rows('select from people.account where id = $1 or handle = $2', [me, 'me'])).toEqual(
    [],
  );
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password) values ($1, 'me@e.org', 'me', 'another', 'none')`,
    [randomUUID()],
  );

  const first = createPeopleErasure({ pool: fixture.pool });
  for (let piece = 0; piece < 3; piece += 1) {
    expect(await first.erase({ account: me })).toEqual({ more: true });
    expect(await wrongCounts()).toEqual([]);
  }

  // The fourth dies in the middle: it leaves no trace.
  const before = await mentionsOf(me);
  const holder = await fixture.pool.connect();
  await holder.query('begin');
  await holder.query('select from people.follow where followed = $1 or follower = $1 for update', [me]);
  const dying = first.erase({ account: me });
  const died = expect(dying).rejects.toThrow();
  await waitingForLocks(fixture, 1);
  await fixture.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  await died;
  await holder.query('rollback');
  holder.release(true);
  expect(await mentionsOf(me)).toEqual(before);

  // Two others go on at once.
  let pieces = 0;
  await Promise.all(
    [1, 2].map(async () => {
      const erasure = createPeopleErasure({ pool: fixture.pool });
      do pieces += 1;
      while ((await erasure.erase({ account: me })).more);
    }),
  );
  expect(pieces).toBeGreaterThan(4);
  expect(await mentionsOf(me)).toEqual({});
  expect(await wrongCounts()).toEqual([]);

  const [left] = await fixture.rows(
    `select (select count(*)::int from people.message where text = 'said') as said,
       (select count(*)::int from people.message where author = $1) as "byOther",
       (select count(*)::int from people.post) as posts, (select count(*)::int from people.post_like) as likes,
       (select count(*)::int from people.conversation) as conversations, (select count(*)::int from people.gathering) as events,
       (select count(*)::int from people.notification where account = $1) as told`,
    [other],
  );
  // The conversation in which he was alone went with him.
  const conversations = 219;
  expect(left).toEqual({
    ...{ said: conversations * 6, byOther: conversations * 3, conversations },
    ...{ posts: 120, likes: 120 * 25, events: 120, told: 250 },
  });
  expect(await first.erase({ account: me })).toEqual({ more: false });
}, 120_000);

it('a long conversation that everybody left is in nobody’s list, and goes in pieces', async () => {
  const id = randomUUID();
  await fixture.rows(
    `insert into people.conversation (id, kind, title, last_seq) values ($1, 'group', 'long', 2500)`,
    [id],
  );
  await fixture.rows('insert into people.participant (conversation, account) values ($1, $2)', [id, other]);
  await fixture.rows(
    `insert into people.message (id, conversation, seq, author, text, words)
     select gen_random_uuid(), $1, n, $2, 'long', 'x' from generate_series(1, 2500) n`,
    [id, other],
  );
  const long = () =>
    fixture.rows<{ n: number }>(`select count(*)::int as n from people.message where text = 'long'`);
  const erasure = createPeopleErasure({ pool: fixture.pool });
  expect(await erasure.clear()).toEqual({ more: false });
  await fixture.rows('delete from people.participant where conversation = $1', [id]);
  expect(await long()).toEqual([{ n: 2_500 }]);
  expect(await erasure.clear()).toEqual({ more: true });
  expect(await long()).toEqual([{ n: 1_500 }]);
  while ((await erasure.clear()).more);
  expect(await long()).toEqual([{ n: 0 }]);
  expect(await fixture.rows('select from people.conversation where id = $1', [id])).toEqual([]);
});
