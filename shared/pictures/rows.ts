import { Conflict, Permanent } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { PictureSize } from './make-sizes.ts';
import type { PictureId } from './picture-files.ts';

/** A picture as it is kept. */
export interface Picture {
  readonly id: string;
  readonly owner: string;
  readonly state: 'pending' | 'ready' | 'refused';
  /** Code of why, where refused. */
  readonly refusal: string | null;
  /** Upright, of the whole picture; null until it is ready. */
  readonly width: number | null;
  readonly height: number | null;
  /** Smallest first; none until it is ready. */
  readonly sizes: readonly SizeRow[];
  readonly createdAt: Date;
}

export interface SizeRow {
  readonly name: PictureSize;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** What shows pictures. */
export type PictureUse = 'gathering' | 'post' | 'message';

export const PICTURE = `p.id, p.owner, p.state, p.refusal, p.width, p.height, p.sizes, p.created_at as "createdAt"`;

/** Pictures that are sent faster than they can be looked at must wait. */
const MOST_PENDING = 20;

/** @throws Conflict `pictures-pending`; HttpProblem 404 for an owner who is nobody */
export async function insertPicture(tx: Transaction, { user, picture }: PictureId): Promise<void> {
  const [full] = await tx.query(
    `select from people.picture where owner = $1 and state = 'pending'
       and created_at > ledger.ledger_now() - interval '1 hour' offset $2 limit 1`,
    [user, MOST_PENDING - 1],
  );
  if (full !== undefined)
    throw new Conflict(
      'pictures-pending',
      `${MOST_PENDING} pictures of yours are still being looked at; wait.`,
      {
        details: { limit: MOST_PENDING },
      },
    );
  const made = await tx.query(
    'insert into people.picture (id, owner) select $1, a.id from people.account a where a.id = $2 returning id',
    [picture, user],
  );
  if (made.length === 0) throw notFound('account');
}

/** Answers whether the picture is still wanted. */
export async function setReady(
  tx: Transaction,
  {
    picture,
    width,
    height,
    sizes,
  }: { picture: string; width: number; height: number; sizes: readonly SizeRow[] },
): Promise<boolean> {
  const set = await tx.query(
    `update people.picture set state = 'ready', width = $2, height = $3, sizes = $4::jsonb where id = $1 returning id`,
    [picture, width, height, JSON.stringify(sizes)],
  );
  return set.length > 0;
}

/** Answers whether the picture is still wanted. */
export async function setRefused(
  tx: Transaction,
  { picture, code }: { picture: string; code: string },
): Promise<boolean> {
  const set = await tx.query(
    `update people.picture set state = 'refused', refusal = $2 where id = $1 returning id`,
    [picture, code],
  );
  return set.length > 0;
}

/** What was sent is gone from the store. */
export async function setCleaned(tx: Transaction, picture: string): Promise<void> {
  await tx.query('update people.picture set cleaned = true where id = $1', [picture]);
}

/** Removes somebody's picture from wherever it is shown. @throws HttpProblem 404 */
export async function deletePicture(tx: Transaction, { user, picture }: PictureId): Promise<void> {
  const gone = await tx.query('delete from people.picture where id = $1 and owner::text = $2 returning id', [
    picture,
    user,
  ]);
  if (gone.length === 0) throw notFound('picture');
}

/** Removes some of what nothing has shown for a day. */
export async function deleteUnused(tx: Transaction, limit: number): Promise<readonly PictureId[]> {
  return await tx.query<PictureId>(UNUSED, [limit]);
}

export const UNUSED = `
  delete from people.picture where id = any (array(
    select id from people.picture
    where unused_since is not null and unused_since < (select ledger.ledger_now()) - interval '1 day'
    order by unused_since limit $1 for update skip locked))
  returning id as picture, owner as user`;

/**
 * Looks whether all of these are pictures of somebody's own that may be shown: ready, or still being looked at. They
 * stay as they are until the transaction ends.
 *
 * @throws Permanent `picture-unknown`
 */
export async function ownPictures(
  tx: Transaction,
  { account, ids }: { account: string; ids: readonly string[] },
): Promise<readonly Picture[]> {
  const found = await tx.query<Picture>(
    `select ${PICTURE} from people.picture p
     where p.id = any($1::uuid[]) and p.owner::text = $2 and p.state <> 'refused' order by p.id for share`,
    [ids, account],
  );
  const byId = new Map(found.map((picture) => [picture.id, picture]));
  return ids.map((id) => {
    const picture = byId.get(id);
    if (picture === undefined)
      throw new Permanent('picture-unknown', `${id} is no picture of yours that can be shown.`, {
        field: 'pictures',
      });
    return picture;
  });
}

/**
 * Shows these pictures, and no others, with a post, a message or an event; they stay while something shows them.
 *
 * @throws Permanent `picture-unknown`
 */
export async function usePictures(
  tx: Transaction,
  request: { account: string; ids: readonly string[]; kind: PictureUse; of: string },
): Promise<void> {
  const { account, ids, kind, of } = request;
  await dropPictures(tx, { kind, of });
  if (ids.length === 0) return;
  await ownPictures(tx, { account, ids });
  await tx.query(
    `insert into people.picture_use (picture, kind, used_by, position)
     select id, $2, $3, n from unnest($1::uuid[]) with ordinality as given (id, n) on conflict do nothing`,
    [ids, kind, of],
  );
  await tx.query('update people.picture set unused_since = null where id = any($1::uuid[])', [ids]);
}

/** What showed them is gone, or shows these no more (all where left out). What nothing shows goes after a day. */
export async function dropPictures(
  tx: Transaction,
  { kind, of, only }: { kind: PictureUse; of: string; only?: string },
): Promise<number> {
  const dropped = await tx.query<{ picture: string }>(
    `delete from people.picture_use where kind = $1 and used_by = $2 and ($3::uuid is null or picture = $3::uuid)
     returning picture`,
    [kind, of, only ?? null],
  );
  if (dropped.length > 0)
    await tx.query(
      `update people.picture p set unused_since = ledger.ledger_now()
       where p.id = any($1::uuid[]) and not exists (select from people.picture_use u where u.picture = p.id)`,
      [dropped.map(({ picture }) => picture)],
    );
  return dropped.length;
}

const MOST_SHOWN = 20;

/**
 * Shows one more picture with an event.
 *
 * @throws Permanent `picture-unknown`; Conflict `pictures-too-many`
 */
export async function addPicture(
  tx: Transaction,
  { account, id, kind, of }: { account: string; id: string; kind: PictureUse; of: string },
): Promise<void> {
  await ownPictures(tx, { account, ids: [id] });
  const [at] = await tx.query<{ shown: number; last: number }>(
    `select count(*)::int as shown, coalesce(max(position), 0) as last from people.picture_use
     where kind = $1 and used_by = $2`,
    [kind, of],
  );
  if (at !== undefined && at.shown >= MOST_SHOWN)
    throw new Conflict(
      'pictures-too-many',
      `At most ${MOST_SHOWN} pictures are shown; take one away first.`,
      {
        details: { limit: MOST_SHOWN },
      },
    );
  await tx.query(
    `insert into people.picture_use (picture, kind, used_by, position) values ($1, $2, $3, $4) on conflict do nothing`,
    [id, kind, of, (at?.last ?? 0) + 1],
  );
  await tx.query('update people.picture set unused_since = null where id = $1', [id]);
}
