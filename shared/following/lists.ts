import type { Pool } from '#shared/database';
import { NEWEST, type PageKey, type PageQuery } from './page.ts';

/** Somebody in a list of people. */
export interface ListedPerson {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly about: string;
  readonly createdAt: Date;
  /** Since when he is in the list, and where the next page goes on. */
  readonly since: Date;
}

/** Whoever looks meets nobody who is kept away from him, nor him whom he keeps away. */
const VISIBLE = (id: string, viewer: string): string => `
  not exists (select from people.block b where b.blocker = ${viewer}::uuid and b.blocked = ${id})
  and not exists (select from people.block b where b.blocked = ${viewer}::uuid and b.blocker = ${id})`;

const PERSON = 'a.id, a.handle, a.name, a.about, a.created_at as "createdAt", f.created_at as since';

/** $1: of whom; $2, $3: where the page goes on; $4: how many; $5: who looks, null for a stranger. */
export const LISTS = {
  followers: `
    select ${PERSON} from people.follow f join people.account a on a.id = f.follower
    where f.followed = $1 and f.state = 'accepted' and (f.created_at, f.follower) < ($2, $3::uuid)
      and ${VISIBLE('f.follower', '$5')}
    order by f.created_at desc, f.follower desc limit $4`,
  following: `
    select ${PERSON} from people.follow f join people.account a on a.id = f.followed
    where f.follower = $1 and f.state = 'accepted' and (f.created_at, f.followed) < ($2, $3::uuid)
      and ${VISIBLE('f.followed', '$5')}
    order by f.created_at desc, f.followed desc limit $4`,
  requests: `
    select ${PERSON} from people.follow f join people.account a on a.id = f.follower
    where f.followed = $1 and f.state = 'requested' and (f.created_at, f.follower) < ($2, $3::uuid)
      and ${VISIBLE('f.follower', '$5')}
    order by f.created_at desc, f.follower desc limit $4`,
  blocks: `
    select ${PERSON} from people.block f join people.account a on a.id = f.blocked
    where f.blocker = $1 and (f.created_at, f.blocked) < ($2, $3::uuid)
      and $5::uuid is not null
    order by f.created_at desc, f.blocked desc limit $4`,
  mutes: `
    select ${PERSON} from people.mute f join people.account a on a.id = f.muted
    where f.muter = $1 and (f.created_at, f.muted) < ($2, $3::uuid)
      and ${VISIBLE('f.muted', '$5')}
    order by f.created_at desc, f.muted desc limit $4`,
} as const;

export type ListName = keyof typeof LISTS;

/** Newest first. */
export async function listPeople(
  pool: Pool,
  list: ListName,
  { of, viewer, before = NEWEST, limit }: PageQuery & { of: string; viewer: string | undefined },
): Promise<readonly ListedPerson[]> {
  const { rows } = await pool.query<ListedPerson>(LISTS[list], [
    ...[of, before.at, before.id, limit],
    viewer ?? null,
  ]);
  return rows;
}

/** Where the page after this entry goes on. */
export function keyOf({ since, id }: ListedPerson): PageKey {
  return { at: since, id };
}
