import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { recordMentions } from './mentions.ts';
import { postVisibleTo } from './visible.ts';

/** Holds a post that somebody sees, so that it is not gone before he is done; answers its author. */
async function holdVisible(tx: Transaction, { post, by }: { post: string; by: string }): Promise<string> {
  const [found] = await tx.query<{ author: string; known: boolean }>(
    `select p.author, exists (select from people.account where id = $2::uuid) as known
     from people.post p join people.account o on o.id = p.author
     where p.id = $1 and ${postVisibleTo('$2')} for key share of p`,
    [post, by],
  );
  if (found === undefined) throw notFound('post');
  if (!found.known) throw notFound('account');
  return found.author;
}

/** Answers the post's author, and whether one did not like it before. @throws HttpProblem 404 for what one cannot see */
export async function likePost(
  tx: Transaction,
  { post, by }: { post: string; by: string },
): Promise<{ author: string; changed: boolean }> {
  const author = await holdVisible(tx, { post, by });
  const made = await tx.query(
    'insert into people.post_like (post, account) values ($1, $2) on conflict do nothing returning post',
    [post, by],
  );
  return { author, changed: made.length > 0 };
}

/** What one likes no more one may also not see any more. */
export async function unlikePost(tx: Transaction, { post, by }: { post: string; by: string }): Promise<void> {
  await tx.query('delete from people.post_like where post = $1 and account = $2', [post, by]);
}

/** Answers the post's author and whom the comment names. @throws HttpProblem 404 for what one cannot see */
export async function commentOnPost(
  tx: Transaction,
  { id, post, by, text }: { id: string; post: string; by: string; text: string },
): Promise<{ author: string; mentioned: readonly string[] }> {
  const author = await holdVisible(tx, { post, by });
  await tx.query('insert into people.post_comment (id, post, account, text) values ($1, $2, $3, $4)', [
    ...[id, post, by, text],
  ]);
  const named = await recordMentions(tx, { post, comment: id, by, text });
  // The author hears of the comment anyway.
  return { author, mentioned: named.filter((account) => account !== author) };
}

/** Who wrote a comment takes it back, and so does whose post it is to. Answers whether there was one. */
export async function deleteComment(
  tx: Transaction,
  { post, comment, by }: { post: string; comment: string; by: string },
): Promise<boolean> {
  const gone = await tx.query(
    `delete from people.post_comment c using people.post p
     where c.id = $2 and c.post = $1 and p.id = c.post and (c.account = $3 or p.author = $3) returning c.id`,
    [post, comment, by],
  );
  return gone.length > 0;
}
