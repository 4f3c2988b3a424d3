import type { Pool } from '#shared/database';

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
  { search, after = '', limit }: PeopleQuery,
): Promise<Person[]> {
  if (search === undefined) {
    const { rows } = await pool.query<Person>(EVERYBODY, [after, limit]);
    return rows;
  }
  const begins = search.normalize('NFC').toLowerCase();
  const { rows } = await pool.query<Person>(BEGINNING, [begins, begins + LAST, after, limit]);
  return rows;
}

export const EVERYBODY = `
  select ${FIELDS} from people.account a where a.handle ~>~ $1 order by a.handle using ~<~ limit $2`;

export const BEGINNING = `
  with found as (
    (select id, handle from people.account
     where handle ~>=~ $1 and handle ~<~ $2 and handle ~>~ $3
     order by handle using ~<~ limit $4)
    union
    (select id, handle from people.account
     where lower(name) ~>=~ $1 and lower(name) ~<~ $2 and handle ~>~ $3
     order by handle using ~<~ limit $4)
  )
  select ${FIELDS} from found f join people.account a on a.id = f.id
  order by f.handle using ~<~ limit $4`;
