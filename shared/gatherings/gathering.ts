import type { LocalTime } from '#shared/calendar';
import type { Times } from './when.ts';

export type Visibility = 'public' | 'followers' | 'invited';

/** What somebody answered; `waiting`: he would go, and there is no place yet. */
export type ParticipationState = 'going' | 'waiting' | 'maybe' | 'declined';

/** One's own answer. */
export interface OwnParticipation {
  readonly state: ParticipationState;
  /** Minutes before each instance; null: no reminder. */
  readonly remindMinutes: number | null;
  /** Of those who wait, how many come first; null for who does not wait. */
  readonly ahead: number | null;
}

/** An instance that is not as the rule says. */
export interface MovedGathering {
  readonly id: string;
  readonly recurrenceId: LocalTime;
  readonly title: string;
  readonly place: string;
  readonly starts: LocalTime;
  readonly ends: LocalTime;
  readonly zone: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: 'scheduled' | 'cancelled';
}

/** What people meet for; a calendar calls it an event. */
export interface Gathering extends Times {
  readonly id: string;
  readonly owner: { readonly id: string; readonly handle: string; readonly name: string };
  /** The imported calendar that it came with. */
  readonly calendar: string | null;
  readonly uid: string;
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  readonly place: string;
  readonly status: 'scheduled' | 'cancelled';
  readonly visibility: Visibility;
  readonly capacity: number | null;
  readonly going: number;
  readonly maybe: number;
  readonly waiting: number;
  /** Goes up with each change by its owner. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly yours: OwnParticipation | null;
  readonly moved: readonly MovedGathering[];
}

const CAMEL = `g.id, g.calendar, g.uid, g.sequence, g.title, g.description, g.place, g.starts, g.ends,
  g.all_day as "allDay", g.zone, g.starts_at as "startsAt", g.ends_at as "endsAt", g.rule, g.rdates, g.exdates,
  g.until_at as "untilAt", g.status, g.visibility, g.capacity, g.going, g.maybe, g.waiting, g.version,
  g.created_at as "createdAt", g.updated_at as "updatedAt"`;

/** All of an event but its moved instances. @param viewer a parameter that holds an account's id, or null */
export function gatheringFields(viewer: string): string {
  return `${CAMEL}, jsonb_build_object('id', o.id, 'handle', o.handle, 'name', o.name) as owner,
    (select jsonb_build_object('state', y.state, 'remindMinutes', y.remind_minutes, 'ahead',
       case when y.state = 'waiting' then (select count(*) from people.participation w
         where w.gathering = y.gathering and w.state = 'waiting' and w.turn < y.turn) end)
     from people.participation y where y.gathering = g.id and y.account = ${viewer}::uuid) as yours`;
}

/** $1: ids of series. */
export const MOVED = `
  select series, id, recurrence_id as "recurrenceId", title, place, starts, ends, zone, starts_at as "startsAt",
    ends_at as "endsAt", status
  from people.gathering where series = any($1::uuid[]) order by recurrence_id`;

/** A row as {@link MOVED} reads it. */
export type MovedRow = MovedGathering & { readonly series: string };

export function withMoved(
  rows: readonly Omit<Gathering, 'moved'>[],
  moved: readonly MovedRow[],
): Gathering[] {
  const bySeries = Map.groupBy(moved, ({ series }) => series);
  return rows.map((row) => ({
    ...row,
    moved: (bySeries.get(row.id) ?? []).map(({ series: _, ...one }) => one),
  }));
}
