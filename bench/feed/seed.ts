import type { PoolClient } from '#shared/database';

/** How large a world is. */
export interface World {
  /** Who post and follow. */
  readonly people: number;
  /** Who follow the star and do nothing else. */
  readonly crowd: number;
  readonly posts: number;
  readonly gatherings: number;
}

/** Whoever all follow. */
export const STAR = 1;
/** Whom one follows: half follow under thirty, one in ten thousand as many as one can. */
const DEGREE = 'least(5000, floor(19 * power(1 - random(), -0.6)))::int';
/** Some are followed by many, and post much. */
const someone = (people: string) => `(1 + floor(${people} * power(random(), 2)))::int`;
const id = (n: string, kind = '') => `md5('${kind}' || (${n}))::uuid`;

/** Fills an empty database within minutes: no row looks at another, and what can be indexed afterwards is. */
export async function seed(session: PoolClient, world: World): Promise<void> {
  const { people, crowd, posts, gatherings } = world;
  await session.query(`set statement_timeout = 0; set synchronous_commit = off; set maintenance_work_mem = '512MB';
    set session_replication_role = replica; set plan_cache_mode = auto; select setseed(0.5)`);
  const restore = await dropIndexes(session, ['person', 'follow', 'post', 'gathering']);
  await session.query(
    `insert into people.account (id, email, handle, name, password)
     select ${id('n')}, n || '@example.org', 'p' || n, 'Person ' || n, 'none' from generate_series(1, ${people + crowd}) n`,
  );
  await session.query(
    `insert into people.follow (follower, followed, state, created_at)
     select follower, followed, 'accepted', now() - random() * interval '300 days' from (
       select ${id('a.n')} as follower, ${id('b.n')} as followed
       from (select n, ${DEGREE} as degree from generate_series(2, ${people}) n) a
       cross join lateral (select ${someone(String(people))} as n from generate_series(1, a.degree)) b
       where a.n <> b.n and b.n <> ${STAR}
       union
       select ${id('n')}, ${id(String(STAR))} from generate_series(2, ${people + crowd}) n
     ) pair`,
  );
  await session.query(
    `insert into people.post (id, author, text, created_at)
     select ${id('n', 'post')}, ${id(`case when n % 1000 = 0 then ${STAR} else ${someone(String(people))} end`)},
       repeat('What somebody says. ', 8), now() - random() * interval '300 days'
     from generate_series(1, ${posts}) n`,
  );
  await session.query(
    `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at, created_at)
     select ${id('n', 'event')}, ${id(someone(String(people)))}, n::text, 'Tea', '2026-05-04', '2026-05-05',
       '2026-05-04', '2026-05-05', now() - random() * interval '300 days'
     from generate_series(1, ${gatherings}) n`,
  );
  await session.query(
    `insert into people.follower_count (account, slot, followers)
     select followed, people.slot_of(follower), count(*) from people.follow group by 1, 2`,
  );
  await session.query(
    `insert into people.newest (author, at, id)
     select distinct on (author) author, at, id from (
       select author, created_at as at, id from people.post union all select owner, created_at, id from people.gathering
     ) made order by author, at desc, id desc`,
  );
  for (const statement of restore) await session.query(statement);
  await session.query('set session_replication_role = origin');
  await session.query('vacuum analyze');
}

/** All but primary keys, which others refer to; answers what makes them again. */
async function dropIndexes(session: PoolClient, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await session.query<{ name: string; made: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
     from pg_index i where i.indrelid = any ($1::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables.map((table) => `people.${table}`)],
  );
  for (const { name } of rows) await session.query(`drop index ${name}`);
  return rows.map(({ made }) => made);
}
