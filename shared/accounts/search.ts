import type { Pool } from '#shared/database';
import { isAccountId } from './account-id.ts';

/** Somebody as others see him. */
export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly about: string;
  readonly createdAt: Date;
}

export interface PeopleQuery {
  /** What a handle or a name begins with; everybody where left out. */
  readonly search?: string | undefined;
  /** The handle that the page comes after. */
  readonly after?: string | undefined;
  /** Who looks: whom he blocked, and who blocked him, is not found. */
  readonly viewer?: string | undefined;
  readonly limit: number;
}

/** No text in UTF-8 comes after this letter. */
const LAST = '\u{10ffff}';
const FIELDS = 'a.id, a.handle, a.name, a.about, a.created_at as "createdAt"';

/**
 * In the order of handles. Compared byte by byte, as the indexes are: a pattern of LIKE would be unknown to the plan
 * until it is given.
 */
export async function searchPeople(
  pool: Pool,
  { search, after = '', viewer, limit }: PeopleQuery,
): Promise<Person[]> {
  const looking = viewer !== undefined && isAccountId(viewer) ? viewer : null;
  if (search === undefined) {
    const { rows } = await pool.query<Person>(EVERYBODY, [after, limit, looking]);
    return rows;
  }
  // A handle as it is written in a text.
  const begins = search.replace(/^@/, '').normalize('NFC').toLowerCase();
  const { rows } = await pool.query<Person>(BEGINNING, [...[begins, begins + LAST, after, limit], looking]);
  return rows;
}

/** Looked up for each that is found: whom somebody blocked are few. */
function visibleTo(viewer: string): string {
  return `not exists (select from people.block b where b.blocker = ${viewer}::uuid and b.blocked = a.id)
    and not exists (select from people.block b where b.blocker = a.id and b.blocked = ${viewer}::uuid)`;
}

export const EVERYBODY = `
  select ${FIELDS} from people.account a where a.handle ~>~ $1 and ${visibleTo('$3')}
  order by a.handle using ~<~ limit $2`;

export const BEGINNING = `
  with found as (
    (select a.id, a.handle from people.account a
     where a.handle ~>=~ $1 and a.handle ~<~ $2 and a.handle ~>~ $3 and ${visibleTo('$5')}
     order by handle using ~<~ limit $4)
    union
    (select a.id, a.handle from people.account a
     where lower(a.name) ~>=~ $1 and lower(a.name) ~<~ $2 and a.handle ~>~ $3 and ${visibleTo('$5')}
     order by handle using ~<~ limit $4)
  )
  select ${FIELDS} from found f join people.account a on a.id = f.id
  order by f.handle using ~<~ limit $4`;
