import type { Pool } from '#shared/database';

/** What is not built: a row for each reader of each post, written when it is posted. */
export const TABLES = `
  create table feed_entry (
    reader uuid not null, at timestamptz(3) not null, id uuid not null, author uuid not null,
    primary key (reader, at, id)
  )`;

/** Whoever has so many followers is asked when somebody reads, and writes to nobody: "both". */
export const MANY = 1_000;

/** One post to all followers, as long as it takes. Answers how many. */
export async function fanOut(pool: Pool, author: string, id: string): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into feed_entry (reader, at, id, author)
     select follower, now(), $2, followed from people.follow where followed = $1 and state = 'accepted'
     on conflict do nothing`,
    [author, id],
  );
  return rowCount ?? 0;
}

/** What the newest 500 of somebody's would be, without those of whom many follow where `most` says how many that is. */
export async function fill(pool: Pool, reader: string, most: number): Promise<void> {
  await pool.query(
    `insert into feed_entry (reader, at, id, author)
     select $1, p.created_at, p.id, p.author from people.post p
     where p.author in (select f.followed from people.follow f where f.follower = $1 and f.state = 'accepted')
       and (select coalesce(sum(followers), 0) from people.follower_count where account = p.author) < $2
     order by p.created_at desc limit 500 on conflict do nothing`,
    [reader, most],
  );
}

/** $1: whose; $2, $3: what the page comes after; $4: how many. */
export const WRITTEN = `
  select id, at from feed_entry where reader = $1::uuid and (at, id) < ($2::timestamptz, $3::uuid)
  order by at desc, id desc limit $4`;

/** The same, and $5: those of whom many follow are asked. */
export const BOTH = `
  select id, at from (
    (${WRITTEN})
    union all
    (select x.id, x.at from people.follow f
     join lateral (select sum(followers) as n from people.follower_count where account = f.followed) c on c.n >= $5
     cross join lateral (
       select p.id, p.created_at as at from people.post p
       where p.author = f.followed and (p.created_at, p.id) < ($2::timestamptz, $3::uuid)
       order by p.created_at desc, p.id desc limit $4) x
     where f.follower = $1::uuid and f.state = 'accepted')
  ) e order by at desc, id desc limit $4`;
