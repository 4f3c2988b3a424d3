import { Permanent } from '#shared/errors';
import { visibleTo } from '#shared/gatherings';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { dropPictures, usePictures } from '#shared/pictures';
import type { PostDraft } from './fields.ts';
import { recordMentions } from './mentions.ts';

/** What is linked must be there: one's own pictures and artifacts, and an event that one sees. */
async function checkLinks(tx: Transaction, author: string, draft: PostDraft): Promise<void> {
  const { text, pictures, event, artifact } = draft;
  if (text === '' && pictures.length === 0 && event === undefined && artifact === undefined)
    throw new Permanent('post-empty', 'There is nothing in this post; send text, or something to show.', {
      field: 'text',
    });
  if (event !== undefined) {
    const seen = await tx.query(SEEN_EVENT, [event, author]);
    if (seen.length === 0)
      throw new Permanent('event-unknown', 'There is no event of this id that you see.', { field: 'event' });
  }
  if (artifact !== undefined) {
    const { pipeline, name, part = null } = artifact;
    const made = await tx.query(OWN_ARTIFACT, [pipeline, author, name, part]);
    if (made.length === 0)
      throw new Permanent(
        'artifact-unknown',
        'You have no finished pipeline of this id with such an artifact; wait for its end, or choose another.',
        { field: 'artifact' },
      );
  }
}

const SEEN_EVENT = `
  select from people.gathering g join people.account o on o.id = g.owner
  where g.id = $1::uuid and g.series is null and ${visibleTo('$2')}`;

const OWN_ARTIFACT = `
  select from ledger.run r join ledger.artifact a on a.run = r.id
  where r.id = $1 and r.owner = $2::text and r.state = 'completed'
    and a.name = $3 and a.part is not distinct from $4::text limit 1`;

const valuesOf = ({ text, visibility, event, artifact }: PostDraft) => [
  ...[text, visibility, event ?? null],
  ...[artifact?.pipeline ?? null, artifact?.name ?? null, artifact?.part ?? null],
];

/**
 * @returns whom it names
 * @throws Permanent `post-empty`, `artifact-unknown`, `event-unknown`, `picture-unknown`; HttpProblem 404 `account`
 */
export async function publishPost(
  tx: Transaction,
  { id, author, draft }: { id: string; author: string; draft: PostDraft },
): Promise<{ mentioned: readonly string[] }> {
  const [known] = await tx.query('select from people.account where id = $1', [author]);
  if (known === undefined) throw notFound('account');
  await checkLinks(tx, author, draft);
  await tx.query(
    `insert into people.post (id, author, text, visibility, gathering, run, artifact, part)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, author, ...valuesOf(draft)],
  );
  await usePictures(tx, { account: author, ids: draft.pictures, kind: 'post', of: id });
  return { mentioned: await recordMentions(tx, { post: id, by: author, text: draft.text }) };
}

export type UpdatedPost =
  | { readonly state: 'updated'; readonly version: number; readonly mentioned: readonly string[] }
  | { readonly state: 'unknown' }
  /** It is not, or no longer, the version that was asked for. */
  | { readonly state: 'changed' };

/** @param request `versions`: it must be one of these; any where left out */
export async function updatePost(
  tx: Transaction,
  request: { id: string; author: string; draft: PostDraft; versions: readonly number[] | undefined },
): Promise<UpdatedPost> {
  const { id, author, draft, versions } = request;
  const [found] = await tx.query<{ version: number }>(
    'select version from people.post where id = $1 and author = $2 for update',
    [id, author],
  );
  if (found === undefined) return { state: 'unknown' };
  if (versions !== undefined && !versions.includes(found.version)) return { state: 'changed' };
  await checkLinks(tx, author, draft);
  const version = found.version + 1;
  await tx.query(
    `update people.post set text = $2, visibility = $3, gathering = $4, run = $5, artifact = $6, part = $7,
       version = $8, edited_at = ledger.ledger_now()
     where id = $1`,
    [id, ...valuesOf(draft), version],
  );
  await usePictures(tx, { account: author, ids: draft.pictures, kind: 'post', of: id });
  const mentioned = await recordMentions(tx, { post: id, by: author, text: draft.text });
  return { state: 'updated', version, mentioned };
}

/** With all that was said to it. Answers whether there was one. */
export async function deletePost(
  tx: Transaction,
  { id, author }: { id: string; author: string },
): Promise<boolean> {
  const gone = await tx.query('delete from people.post where id = $1 and author = $2 returning id', [
    id,
    author,
  ]);
  if (gone.length === 0) return false;
  await dropPictures(tx, { kind: 'post', of: id });
  return true;
}
