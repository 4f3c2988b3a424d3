import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { NEWEST, type PageQuery } from '#shared/following';
import { type FeedEvent, feedEvents } from './feed-events.ts';
import type { Post } from './post.ts';
import type { Posts } from './posts.ts';

/** What somebody whom one follows made, and when. */
export type FeedItem = { readonly id: string; readonly at: Date } & (
  | { readonly kind: 'post'; readonly post: Post }
  | { readonly kind: 'event'; readonly event: FeedEvent }
);

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** The last that was looked at, where there is more: what is gone meanwhile is not among the items. */
  readonly last: { readonly at: Date; readonly id: string } | undefined;
}

/** What those whom one follows, and one oneself, have made. */
export interface Feed {
  /** A page, newest first; of one time the larger id first. */
  page(request: PageQuery & { account: string }): Promise<FeedPage>;
}

/** A row of {@link FEED}. */
interface Entry {
  readonly kind: 'post' | 'event';
  readonly id: string;
  readonly at: Date;
}

export function createFeed({ pool, posts }: { pool: Pool; posts: Posts }): Feed {
  return {
    async page({ account, before = NEWEST, limit }) {
      if (!isAccountId(account)) return { items: [], last: undefined };
      // One more tells whether there is a next page.
      const values = [account, before.at, before.id, limit + 1];
      const { rows } = await pool.query<Entry>({ name: 'feed', text: FEED, values });
      const entries = rows.slice(0, limit);
      const ids = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).map(({ id }) => id);
      const [shown, events] = await Promise.all([
        posts.findAll({ ids: ids('post'), viewer: account }),
        feedEvents(pool, { ids: ids('event'), viewer: account }),
      ]);
      const postOf = new Map(shown.map((post) => [post.id, post]));
      const eventOf = new Map(events.map((event) => [event.id, event]));
      return {
        items: entries.flatMap(({ kind, id, at }): FeedItem[] => {
          const post = kind === 'post' ? postOf.get(id) : undefined;
          const event = kind === 'event' ? eventOf.get(id) : undefined;
          if (post !== undefined) return [{ kind: 'post', id, at, post }];
          return event === undefined ? [] : [{ kind: 'event', id, at, event }];
        }),
        last: rows.length > limit ? entries.at(-1) : undefined,
      };
    },
  };
}

const posts = (author: string): string => `
  select p.id, p.created_at as at from people.post p
  where p.author = ${author} and (p.created_at, p.id) < ($2::timestamptz, $3::uuid)
  order by p.created_at desc, p.id desc`;

/** What an imported calendar brought is no news, and what is for those who were invited is told to them. */
const events = (author: string): string => `
  select g.id, g.created_at as at from people.gathering g
  where g.owner = ${author} and (g.created_at, g.id) < ($2::timestamptz, $3::uuid)
    and g.series is null and g.calendar is null and (g.visibility <> 'invited' or g.owner = $1::uuid)
  order by g.created_at desc, g.id desc`;

/**
 * $1: whose; $2, $3: what the page comes after; $4: how many. Who was blocked is followed no more.
 *
 * What is on a page is of those authors whose newest before it are newest: of most that is the newest of all, which is
 * kept; only of those who stood on the pages before, and of oneself, it is looked for.
 */
export const FEED = `
  with whom as materialized (
    select n.author, n.at, n.id from people.follow f join people.newest n on n.author = f.followed
    where f.follower = $1::uuid and f.state = 'accepted'
      and not exists (select from people.mute m where m.muter = $1::uuid and m.muted = f.followed)
  ), maker as materialized (
    select h.author from (
      select author, at, id from whom where (at, id) < ($2::timestamptz, $3::uuid)
      union all
      select w.author, y.at, y.id from (
        select author from whom where (at, id) >= ($2::timestamptz, $3::uuid)
        union all select $1::uuid
      ) w cross join lateral (
        (${posts('w.author')} limit 1) union all (${events('w.author')} limit 1) order by at desc, id desc limit 1
      ) y
    ) h order by h.at desc, h.id desc limit $4
  )
  select kind, id, at from (
    select 'post' as kind, x.id, x.at from maker a cross join lateral (${posts('a.author')} limit $4) x
    union all
    select 'event' as kind, x.id, x.at from maker a cross join lateral (${events('a.author')} limit $4) x
  ) entry order by at desc, id desc limit $4`;
