import { type CalendarEntry, durationOf, instantOf, isDate, lastEnd } from '#shared/calendar';
import type { Transaction } from '#shared/ledger';

export interface AppliedEntries {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** $1: owner; $2: calendar; $3: entries as JSON; $4: whether what comes is newer whatever it says. */
const UPSERT = `
  insert into people.gathering as g (id, owner, calendar, uid, sequence, series, recurrence_id, title, description,
    place, starts, ends, all_day, zone, starts_at, ends_at, rule, rdates, exdates, until_at, status, visibility,
    source_modified_at)
  select gen_random_uuid(), $1, $2, e.uid, e.sequence, s.id, e."recurrenceId", e.title, e.description, e.place,
    e.start, e."end", e."allDay", e.zone, e."startsAt", e."endsAt", e.rule, e.rdates, e.exdates, e."untilAt",
    e.status, 'invited', e."modifiedAt"
  from jsonb_to_recordset($3::jsonb) as e (uid text, sequence int, "recurrenceId" text, title text, description text,
    place text, start text, "end" text, "allDay" boolean, zone text, "startsAt" timestamptz, "endsAt" timestamptz,
    rule text, rdates text[], exdates text[], "untilAt" timestamptz, status text, "modifiedAt" timestamptz)
  left join people.gathering s on e."recurrenceId" is not null
    and s.owner = $1 and s.calendar = $2 and s.uid = e.uid and s.recurrence_id is null
  on conflict (owner, calendar, uid, recurrence_id) do update set
    sequence = excluded.sequence, series = excluded.series, title = excluded.title,
    description = excluded.description, place = excluded.place, starts = excluded.starts, ends = excluded.ends,
    all_day = excluded.all_day, zone = excluded.zone, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    rule = excluded.rule, rdates = excluded.rdates, exdates = excluded.exdates, until_at = excluded.until_at,
    status = excluded.status, source_modified_at = excluded.source_modified_at,
    version = g.version + 1, updated_at = ledger.ledger_now()
  where (g.sequence, g.series, g.title, g.description, g.place, g.starts, g.ends, g.zone, g.rule, g.rdates,
      g.exdates, g.status)
    is distinct from (excluded.sequence, excluded.series, excluded.title, excluded.description, excluded.place,
      excluded.starts, excluded.ends, excluded.zone, excluded.rule, excluded.rdates, excluded.exdates,
      excluded.status)
    and ($4 or (excluded.sequence, coalesce(excluded.source_modified_at, '-infinity'))
      >= (g.sequence, coalesce(g.source_modified_at, '-infinity')))
  returning (xmax = 0) as added`;

/** $1: calendar; $2: what is there, as JSON. */
const REMOVE = `
  delete from people.gathering g where g.calendar = $1 and not exists (
    select from jsonb_to_recordset($2::jsonb) as e (uid text, "recurrenceId" text)
    where e.uid = g.uid and coalesce(e."recurrenceId", '') = coalesce(g.recurrence_id, ''))
  returning g.id`;

/**
 * Writes what a calendar holds, each event by its UID and RECURRENCE-ID: the same again changes nothing. What comes is
 * for its owner alone.
 *
 * @param request `whole`: it is all that the calendar holds, and its newest version (a feed); else an event that is
 * newer here (SEQUENCE, LAST-MODIFIED) stays, and so does one that is not in it
 */
export async function applyEntries(
  tx: Transaction,
  request: { owner: string; calendar: string; entries: readonly CalendarEntry[]; whole: boolean },
): Promise<AppliedEntries> {
  const { owner, calendar, entries, whole } = request;
  const isInstance = ({ recurrenceId }: CalendarEntry): boolean => recurrenceId !== undefined;
  let [added, changed] = [0, 0];
  // Series first: an instance names the row of its own.
  for (const part of [entries.filter((entry) => !isInstance(entry)), entries.filter(isInstance)]) {
    if (part.length === 0) continue;
    const rows = await tx.query<{ added: boolean }>(UPSERT, [
      ...[owner, calendar, JSON.stringify(part.map(rowOf)), whole],
    ]);
    added += rows.filter((row) => row.added).length;
    changed += rows.filter((row) => !row.added).length;
  }
  if (!whole) return { added, changed, removed: 0 };
  const there = JSON.stringify(entries.map(({ uid, recurrenceId }) => ({ uid, recurrenceId })));
  const removed = await tx.query(REMOVE, [calendar, there]);
  return { added, changed, removed: removed.length };
}

function rowOf(entry: CalendarEntry): object {
  const { start, end, zone, rule, rdates } = entry;
  const home = isDate(start) ? 'UTC' : (zone ?? 'UTC');
  return {
    ...entry,
    allDay: isDate(start),
    startsAt: instantOf(start, home),
    endsAt: instantOf(end, home),
    untilAt: lastEnd({ start, zone: home, duration: durationOf({ start, end, zone }), rule, rdates }),
  };
}
