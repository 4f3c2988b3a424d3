import { isAccountId } from '#shared/accounts';
import type { WrittenEntry } from '#shared/calendar';
import type { Pool } from '#shared/database';
import { visibleTo } from '#shared/gatherings';
import type { Calendar } from './calendar.ts';

/** Of one calendar: more than anybody's program shows. */
const MOST_WRITTEN = 5_000;

const ENTRY = `
  g.uid, g.recurrence_id as "recurrenceId", g.title, g.description, g.place, g.starts as start, g.ends as end, g.zone,
  g.rule, g.rdates, g.exdates, g.status, g.sequence, g.source_modified_at as "modifiedAt", g.updated_at as "changedAt"`;

/** $1: calendar; $2: how many. */
export const IMPORTED = `
  select ${ENTRY} from people.gathering g where g.calendar = $1 order by g.starts_at, g.id limit $2`;

/** $1: whose; $2: how many. What he made here, and what he takes part in as long as he sees it. */
export const OWN_ENTRIES = `
  with mine as (
    select g.id from people.gathering g where g.owner = $1 and g.calendar is null
    union
    select g.id from people.participation p
      join people.gathering g on g.id = p.gathering join people.account o on o.id = g.owner
    where p.account = $1 and p.state in ('going', 'maybe') and ${visibleTo('$1')}
    union
    select i.id from people.participation p
      join people.gathering g on g.id = p.gathering join people.account o on o.id = g.owner
      join people.gathering i on i.series = g.id
    where p.account = $1 and p.state in ('going', 'maybe') and ${visibleTo('$1')}
  )
  select ${ENTRY} from mine join people.gathering g on g.id = mine.id order by g.starts_at, g.id limit $2`;

/** $1: event; $2: who looks. */
export const ONE = `
  select ${ENTRY} from people.gathering g join people.account o on o.id = g.owner
  where (g.id = $1 or g.series = $1) and ${visibleTo('$2')} order by g.series nulls first, g.recurrence_id`;

/** A row: what is not said is null there. */
type Row = { readonly [Name in keyof WrittenEntry]: WrittenEntry[Name] | null } & {
  readonly changedAt: Date;
};

export async function entriesOf(pool: Pool, calendar: Calendar): Promise<WrittenEntry[]> {
  const isOwn = calendar.kind === 'own';
  const { rows } = await pool.query<Row>(isOwn ? OWN_ENTRIES : IMPORTED, [
    isOwn ? calendar.owner : calendar.id,
    MOST_WRITTEN,
  ]);
  return rows.map(entryOf);
}

export async function gatheringEntries(
  pool: Pool,
  { id, viewer }: { id: string; viewer: string },
): Promise<{ title: string; entries: WrittenEntry[] } | undefined> {
  if (!isAccountId(id)) return undefined;
  const { rows } = await pool.query<Row>(ONE, [id, isAccountId(viewer) ? viewer : null]);
  const entries = rows.map(entryOf);
  const [first] = entries;
  return first === undefined ? undefined : { title: first.title, entries };
}

function entryOf(row: Row): WrittenEntry {
  const known = Object.entries(row).map(([name, value]) => [name, value === null ? undefined : value]);
  return Object.fromEntries(known) as WrittenEntry;
}
