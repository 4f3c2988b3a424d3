import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { FEED } from './feed.ts';
import { EVENTS } from './feed-events.ts';
import { COMMENTS, everybodys, LIKES, OF_IDS, ONES, VISIBLE } from './posts.ts';

/** Without an index these would read every row; their number is what a small town has. */
const PEOPLE = 5_000;
const POSTS = 40_000;
let fixture: LedgerFixture;

const idOf = (n: string) => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select ${idOf('n')}, n || '@e.org', 'h' || md5(n::text), 'n', 'none' from generate_series(1, $1::int) n`,
    [PEOPLE],
  );
  await fixture.rows(
    `insert into people.follow (follower, followed, state)
     select ${idOf('a')}, ${idOf('1 + (a + b * 13) % $1::int')}, 'accepted'
     from generate_series(1, $1::int) a, generate_series(1, 10) b on conflict do nothing`,
    [PEOPLE],
  );
  await fixture.rows(
    `insert into people.post (id, author, text, created_at)
     select ${idOf('n')}, ${idOf('1 + n % $1::int')}, 'x', now() - n * interval '1 second' from generate_series(1, $2::int) n`,
    [PEOPLE, POSTS],
  );
  await fixture.rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at)
     select ${idOf('n')}, ${idOf('1 + n % $1::int')}, n::text, 't', '2026-01-01', '2026-01-02', now(), now()
     from generate_series(1, $2::int) n`,
    [PEOPLE, POSTS],
  );
  await fixture.rows(
    `insert into people.post_like (post, account)
     select ${idOf('1 + n % 20000')}, ${idOf('1 + n % $1::int')} from generate_series(1, $2::int) n on conflict do nothing`,
    [PEOPLE, POSTS],
  );
  await fixture.rows(
    `insert into people.post_comment (id, post, account, text)
     select ${idOf('n')}, ${idOf('1 + n % 20000')}, ${idOf('1 + n % $1::int')}, 'x' from generate_series(1, $2::int) n`,
    [PEOPLE, POSTS],
  );
  await fixture.rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

const ID = '00000000-0000-4000-8000-000000000001';
const AT = '2026-01-02T03:04:05Z';

it.each<[string, string, readonly unknown[]]>([
  ['a page of the feed', FEED, [ID, AT, ID, 21]],
  ['posts of the feed', OF_IDS, [[ID, ID], ID]],
  ['events of the feed', EVENTS, [[ID, ID], ID]],
  ['everybody’s posts', everybodys(21), [AT, ID, ID]],
  ['somebody’s posts', ONES, [AT, ID, ID, ID, 21]],
  ['who sees a post', VISIBLE, [ID, ID]],
  ['who likes a post', LIKES, [ID, AT, ID, 21, ID]],
  ['comments', COMMENTS, [ID, AT, ID, 21, ID]],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  // Tables that have hardly a row here are read whole.
  expect(plan).not.toMatch(
    /Seq Scan on (person|follow|newest|post|gathering|post_like|post_comment|post_count)\b/,
  );
  expect(plan).toMatch(/Index/);
});

it('counts what is there, whoever goes', async () => {
  const wrong = () =>
    fixture.rows(
      `select from people.post_count c group by post
       having sum(likes) <> (select count(*) from people.post_like l where l.post = c.post)
         or sum(comments) <> (select count(*) from people.post_comment m where m.post = c.post)`,
    );
  expect(await wrong()).toEqual([]);
  await fixture.rows('delete from people.account where id > $1', ['00000000-0000-4000-8000-000000004800']);
  expect(await wrong()).toEqual([]);
}, 120_000);

it('knows what is newest of each, whatever came and went', async () => {
  const wrong = () =>
    fixture.rows(
      `select from people.account a left join people.newest n on n.author = a.id
       left join lateral (
         select at, id from (
           select p.created_at as at, p.id from people.post p where p.author = a.id
           union all
           select g.created_at, g.id from people.gathering g where g.owner = a.id and g.visibility <> 'invited'
         ) x order by at desc, id desc limit 1) x on true
       where (n.at, n.id) is distinct from (x.at, x.id)`,
    );
  expect(await wrong()).toEqual([]);
  await fixture.rows('delete from people.post where author < $1 and random() < 0.5', [
    '00000000-0000-4000-8000-000000000100',
  ]);
  await fixture.rows(
    `update people.gathering set visibility = 'invited' where owner < $1 and random() < 0.8`,
    ['00000000-0000-4000-8000-000000000200'],
  );
  await fixture.rows('delete from people.gathering where owner < $1', [
    '00000000-0000-4000-8000-000000000050',
  ]);
  expect(await wrong()).toEqual([]);
}, 120_000);
