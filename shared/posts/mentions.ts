import type { Transaction } from '#shared/ledger';
import { apart, postVisibleTo } from './visible.ts';

/** More are left as text. */
const MOST_NAMED = 20;
/** An `@` after a letter is part of an e-mail address. */
const NAMED = /(?<![\p{L}\p{N}_.@/])@([a-z][a-z0-9]*(?:_[a-z0-9]+)*)(?![\p{L}\p{N}_])/giu;

/** Handles that a text names, in lower case, each once. */
export function handlesIn(text: string): string[] {
  const handles = new Set<string>();
  for (const [, handle = ''] of text.matchAll(NAMED)) {
    if (handles.size === MOST_NAMED) break;
    if (handle.length >= 3 && handle.length <= 30) handles.add(handle.toLowerCase());
  }
  return [...handles];
}

/** Keeps whom a post or a comment names, of those who can see it; answers those who were not named in it before. */
export async function recordMentions(
  tx: Transaction,
  { post, comment, by, text }: { post: string; comment?: string; by: string; text: string },
): Promise<string[]> {
  const handles = handlesIn(text);
  const before = await tx.query<{ account: string }>(FORGET, [post, comment ?? null]);
  if (handles.length === 0) return [];
  const named = await tx.query<{ account: string }>(RECORD, [post, comment ?? null, handles, by]);
  const known = new Set(before.map(({ account }) => account));
  return named.map(({ account }) => account).filter((account) => account !== by && !known.has(account));
}

const FORGET =
  'delete from people.mention where post = $1 and comment is not distinct from $2::uuid returning account';

const RECORD = `
  insert into people.mention (post, comment, account)
  select p.id, $2::uuid, a.id
  from people.post p join people.account o on o.id = p.author join people.account a on a.handle = any($3::text[])
  where p.id = $1 and ${postVisibleTo('a.id')} and ${apart('a.id', '$4')}
  returning account`;
