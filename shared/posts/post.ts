import type { Picture } from '#shared/pictures';
import type { PostDraft } from './fields.ts';

/** Who wrote something, or is named in it. */
export interface Named {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/** What a run of its author's made. */
export interface PostArtifact {
  readonly run: string;
  readonly name: string;
  readonly part: string | null;
  readonly type: string;
  readonly bytes: number;
}

/** A post as somebody sees it. */
export interface Post {
  readonly id: string;
  readonly author: Named;
  readonly text: string;
  readonly visibility: PostDraft['visibility'];
  readonly pictures: readonly Picture[];
  readonly event: string | null;
  /** Null where there is none, and where its run was removed. */
  readonly artifact: PostArtifact | null;
  readonly mentions: readonly Named[];
  readonly likes: number;
  readonly comments: number;
  /** Whether the one who looks likes it. */
  readonly liked: boolean;
  /** Goes up with each change by its author. */
  readonly version: number;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
}

const named = (account: string) =>
  `jsonb_build_object('id', ${account}.id, 'handle', ${account}.handle, 'name', ${account}.name)`;

const mentionsIn = (post: string, comment: string) => `
  coalesce((select jsonb_agg(${named('a')} order by a.handle)
    from people.mention m join people.account a on a.id = m.account
    where m.post = ${post} and m.comment is not distinct from ${comment}), '[]')`;

const counted = (what: 'likes' | 'comments') =>
  `coalesce((select sum(${what}) from people.post_count where post = p.id), 0)::int as ${what}`;

/** All of a post `p` whose author is `o`, but its pictures. @param viewer a parameter that holds an account's id, or null */
export function postFields(viewer: string): string {
  return `p.id, p.text, p.visibility, p.gathering as event, p.version, p.created_at as "createdAt",
    p.edited_at as "editedAt", ${named('o')} as author, ${counted('likes')}, ${counted('comments')},
    exists (select from people.post_like l where l.post = p.id and l.account = ${viewer}::uuid) as liked,
    ${mentionsIn('p.id', 'null::uuid')} as mentions,
    case when p.run is not null then (
      select jsonb_build_object('run', a.run, 'name', a.name, 'part', a.part, 'type', a.type, 'bytes', a.bytes)
      from ledger.artifact a
      where a.run = p.run and a.name = p.artifact and a.part is not distinct from p.part
      order by a.created_at desc limit 1) end as artifact`;
}

/** What somebody said to a post. */
export interface Comment {
  readonly id: string;
  readonly author: Named;
  readonly text: string;
  readonly mentions: readonly Named[];
  readonly createdAt: Date;
}

/** All of a comment `c` whose author is `w`. */
export const COMMENT_FIELDS = `c.id, c.text, c.created_at as "createdAt", ${named('w')} as author,
  ${mentionsIn('c.post', 'c.id')} as mentions`;
