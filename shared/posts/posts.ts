import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { type ListedPerson, NEWEST, type PageQuery } from '#shared/following';
import type { Pictures } from '#shared/pictures';
import { COMMENT_FIELDS, type Comment, type Post, postFields } from './post.ts';
import { apart, postVisibleTo } from './visible.ts';

/** What is read of posts, each as somebody sees it. */
export interface Posts {
  /** Undefined for what is not there, and for what he cannot see. */
  find(request: { id: string; viewer: string }): Promise<Post | undefined>;
  /** Those of the ids that he sees, in no order. */
  findAll(request: { ids: readonly string[]; viewer: string }): Promise<readonly Post[]>;
  /** A page, newest first: somebody's, or what everybody may see without whom he muted. */
  list(request: PageQuery & { viewer: string; author?: string | undefined }): Promise<readonly Post[]>;
  /** Who likes it, a page, newest first. Undefined for a post that he cannot see. */
  likes(request: PageQuery & { id: string; viewer: string }): Promise<readonly ListedPerson[] | undefined>;
  /** A page, newest first. Undefined for a post that he cannot see. */
  comments(request: PageQuery & { id: string; viewer: string }): Promise<readonly Comment[] | undefined>;
  findComment(request: { id: string; viewer: string }): Promise<Comment | undefined>;
}

/** As it stands in its row. */
type Row = Omit<Post, 'pictures'>;

export function createPosts({ pool, pictures }: { pool: Pool; pictures: Pictures }): Posts {
  async function complete(rows: readonly Row[]): Promise<readonly Post[]> {
    if (rows.length === 0) return [];
    const shown = await pictures.shownBy({ kind: 'post', ids: rows.map(({ id }) => id) });
    return rows.map((row) => ({ ...row, pictures: shown.get(row.id) ?? [] }));
  }

  /** Undefined for a post that somebody cannot see. */
  async function below<Row>(
    text: string,
    { id, viewer, before = NEWEST, limit }: PageQuery & { id: string; viewer: string },
  ): Promise<readonly Row[] | undefined> {
    if (!isAccountId(id)) return undefined;
    const looking = accountOrNull(viewer);
    const { rowCount } = await pool.query(VISIBLE, [id, looking]);
    if (rowCount === 0) return undefined;
    const { rows } = await pool.query(text, [id, before.at, before.id, limit, looking]);
    return rows as Row[];
  }

  async function findAll({ ids, viewer }: { ids: readonly string[]; viewer: string }) {
    if (ids.length === 0) return [];
    const values = [ids, accountOrNull(viewer)];
    return await complete((await pool.query<Row>({ name: 'posts-of-ids', text: OF_IDS, values })).rows);
  }

  return {
    findAll,
    async find({ id, viewer }) {
      if (!isAccountId(id)) return undefined;
      const [found] = await findAll({ ids: [id], viewer });
      return found;
    },
    async list({ viewer, author, before = NEWEST, limit }) {
      const page = [before.at, before.id, accountOrNull(viewer)];
      if (author === undefined) return await complete((await pool.query<Row>(everybodys(limit), page)).rows);
      if (!isAccountId(author)) return [];
      return await complete((await pool.query<Row>(ONES, [...page, author, limit])).rows);
    },
    likes: (request) => below<ListedPerson>(LIKES, request),
    comments: (request) => below<Comment>(COMMENTS, request),
    async findComment({ id, viewer }) {
      const { rows } = await pool.query<Comment>(COMMENT, [id, accountOrNull(viewer)]);
      return rows[0];
    },
  };
}

/** A token that the operator made is of somebody who has no account: a stranger to all. */
export function accountOrNull(viewer: string): string | null {
  return isAccountId(viewer) ? viewer : null;
}

/** $1: id; $2: who looks. */
export const VISIBLE = `
  select from people.post p join people.account o on o.id = p.author
  where p.id = $1::uuid and ${postVisibleTo('$2')}`;

/** $1: ids; $2: who looks. */
export const OF_IDS = `
  select ${postFields('$2')} from people.post p join people.account o on o.id = p.author
  where p.id = any($1::uuid[]) and ${postVisibleTo('$2')}`;

/**
 * $1, $2: what the page comes after; $3: who looks. Its length stands in the text: a plan that does not know it expects
 * a tenth of all posts, and sorts them.
 */
export function everybodys(limit: number): string {
  return `
    select ${postFields('$3')} from people.post p join people.account o on o.id = p.author
    where p.visibility = 'public' and not o.private and (p.created_at, p.id) < ($1::timestamptz, $2::uuid)
      and ${apart('p.author', '$3')}
      and not exists (select from people.mute m where m.muter = $3::uuid and m.muted = p.author)
    order by p.created_at desc, p.id desc limit ${Math.trunc(limit)}`;
}

/** $1, $2: what the page comes after; $3: who looks; $4: whose; $5: how many. */
export const ONES = `
  select ${postFields('$3')} from people.post p join people.account o on o.id = p.author
  where p.author = $4::uuid and (p.created_at, p.id) < ($1::timestamptz, $2::uuid) and ${postVisibleTo('$3')}
  order by p.created_at desc, p.id desc limit $5`;

/** $1: post; $2, $3: what the page comes after; $4: how many; $5: who looks. */
export const LIKES = `
  select a.id, a.handle, a.name, a.about, a.created_at as "createdAt", l.created_at as since
  from people.post_like l join people.account a on a.id = l.account
  where l.post = $1::uuid and (l.created_at, l.account) < ($2::timestamptz, $3::uuid) and ${apart('l.account', '$5')}
  order by l.created_at desc, l.account desc limit $4`;

export const COMMENTS = `
  select ${COMMENT_FIELDS} from people.post_comment c join people.account w on w.id = c.account
  where c.post = $1::uuid and (c.created_at, c.id) < ($2::timestamptz, $3::uuid) and ${apart('c.account', '$5')}
  order by c.created_at desc, c.id desc limit $4`;

const COMMENT = `
  select ${COMMENT_FIELDS} from people.post_comment c join people.account w on w.id = c.account
  where c.id = $1::uuid and ${apart('c.account', '$2')}`;
