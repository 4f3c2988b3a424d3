import { createHash, randomUUID } from 'node:crypto';
import { connect, type Pool } from '#shared/database';
import { NEWEST } from '#shared/following';
import { createPictures } from '#shared/pictures';
import { createFeed, createPosts, FEED } from '#shared/posts';
import { type Benchmark, type Measurement, measured, secondsSince } from './benchmark.ts';
import { STAR, seed, type World } from './feed/seed.ts';
import { BOTH, fanOut, fill, MANY, TABLES, WRITTEN } from './feed/written-feed.ts';
import { withLedger } from './ledger/with-ledger.ts';

/** Of the goals: 100,000 people, 5 million follows, one followed by 500,000, 2 million posts. */
const FULL: World = { people: 100_000, crowd: 400_000, posts: 2_000_000, gatherings: 100_000 };
const SMALL: World = { people: 10_000, crowd: 40_000, posts: 200_000, gatherings: 10_000 };
const READERS = 400;
const PAGE = 20;

/** A page of the feed, read from its authors, and what other ways of making it would cost. */
export default {
  name: 'feed',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, async ({ pool, url }) => {
      const slow = connect({ url, max: 1, applicationName: 'bench-seed', statementTimeoutMs: 1_800_000 });
      try {
        const began = performance.now();
        await seeded(slow, full ? FULL : SMALL);
        const seeding = secondsSince(began);
        return [...(await sizes(pool, seeding)), ...(await measure(pool, slow))];
      } finally {
        await slow.end();
      }
    }),
} satisfies Benchmark;

async function seeded(pool: Pool, world: World): Promise<void> {
  const session = await pool.connect();
  try {
    await seed(session, world);
  } finally {
    // What it set is nobody else's.
    session.release(true);
  }
}

async function sizes(pool: Pool, seconds: number): Promise<readonly Measurement[]> {
  const { rows } = await pool.query<{
    people: number;
    follows: number;
    posts: number;
    star: number;
    bytes: number;
  }>(
    `select (select count(*) from people.account)::int as people, (select count(*) from people.follow)::int as follows,
       (select count(*) from people.post)::int as posts,
       (select sum(followers) from people.follower_count where account = $1)::int as star,
       pg_database_size(current_database())::float8 as bytes`,
    [personOf(STAR)],
  );
  const [world] = rows;
  return [
    measured({ what: 'people', value: world?.people ?? 0 }),
    measured({ what: 'follows', value: world?.follows ?? 0 }),
    measured({ what: 'followers of one', value: world?.star ?? 0 }),
    measured({ what: 'posts', value: world?.posts ?? 0 }),
    measured({ what: 'seeded in', value: seconds, unit: 's' }),
    measured({ what: 'database', value: (world?.bytes ?? 0) / 2 ** 20, unit: 'MB' }),
  ];
}

/** A person's id, as the seed makes it. */
function personOf(n: number): string {
  const hash = createHash('md5').update(String(n)).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function measure(pool: Pool, slow: Pool): Promise<readonly Measurement[]> {
  const posts = createPosts({ pool, pictures: createPictures({ pool }) });
  const feed = createFeed({ pool, posts });
  const readers = await readersOf(pool, 'random()', READERS);
  const eager = await readersOf(pool, '-count(*)', 10);
  const read = (account: string) => feed.page({ account, limit: PAGE });
  for (const reader of readers.slice(0, 50)) await read(reader.id);

  const whole = await timed(readers, ({ id }) => read(id));
  const second = await timed(readers, async ({ id }) => {
    const { last } = await read(id);
    if (last !== undefined) await feed.page({ account: id, before: last, limit: PAGE });
  });
  const heavy = await timed([...eager, ...eager, ...eager], ({ id }) => read(id));
  return [
    measured({ what: 'page of 20, p50', value: whole.p50, unit: 'ms', digits: 1 }),
    measured({ what: 'page of 20, p99', value: whole.p99, unit: 'ms', digits: 1, goal: { atMost: 20 } }),
    measured({ what: 'first and second page, p99', value: second.p99, unit: 'ms', digits: 1 }),
    measured({
      what: `page of who follows ${eager.at(-1)?.follows} and more, p50`,
      value: heavy.p50,
      unit: 'ms',
      digits: 1,
    }),
    measured({
      what: `page of who follows ${eager.at(-1)?.follows} and more, p99`,
      value: heavy.p99,
      unit: 'ms',
      digits: 1,
    }),
    ...(await others(pool, slow, readers)),
  ];
}

/** What is not built, for comparison. */
async function others(pool: Pool, slow: Pool, readers: readonly Reader[]): Promise<readonly Measurement[]> {
  const ids = await timed(readers, ({ id }) =>
    pool.query({ name: 'read', text: FEED, values: [id, NEWEST.at, NEWEST.id, PAGE] }),
  );
  await slow.query(TABLES);
  for (const { id } of readers) await fill(slow, id, 2 ** 31 - 1);
  await slow.query('vacuum analyze feed_entry');
  const written = await timed(readers, ({ id }) =>
    pool.query({ name: 'written', text: WRITTEN, values: [id, NEWEST.at, NEWEST.id, PAGE] }),
  );
  await slow.query('truncate feed_entry');
  for (const { id } of readers) await fill(slow, id, MANY);
  const both = await timed(readers, ({ id }) =>
    pool.query({ name: 'both', text: BOTH, values: [id, NEWEST.at, NEWEST.id, PAGE, MANY] }),
  );
  const began = performance.now();
  const followers = await fanOut(slow, personOf(STAR), randomUUID());
  const seconds = secondsSince(began);
  const { rows } = await slow.query<{ entries: number }>(
    `select sum(c.n)::float8 as entries from people.post p
     join (select account, sum(followers) as n from people.follower_count group by account) c on c.account = p.author`,
  );
  return [
    measured({ what: 'read: ids of a page alone, p99', value: ids.p99, unit: 'ms', digits: 1 }),
    measured({ what: 'written: ids of a page alone, p99', value: written.p99, unit: 'ms', digits: 1 }),
    measured({ what: 'both: ids of a page alone, p99', value: both.p99, unit: 'ms', digits: 1 }),
    measured({
      what: `written: one post to ${followers.toLocaleString('en')} followers`,
      value: seconds,
      unit: 's',
      digits: 1,
    }),
    measured({ what: 'written: rows for all these posts', value: rows[0]?.entries ?? 0 }),
  ];
}

interface Reader {
  readonly id: string;
  readonly follows: number;
}

async function readersOf(pool: Pool, order: string, limit: number): Promise<readonly Reader[]> {
  const { rows } = await pool.query<Reader>(
    `select follower as id, count(*)::int as follows from people.follow
     group by follower having count(*) > 1 order by ${order} limit $1`,
    [limit],
  );
  return rows;
}

/** Milliseconds of each, one after the other. */
async function timed(
  readers: readonly Reader[],
  read: (reader: Reader) => Promise<unknown>,
): Promise<{ p50: number; p99: number }> {
  const took: number[] = [];
  for (const reader of readers) {
    const began = performance.now();
    await read(reader);
    took.push(performance.now() - began);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
