import {
  expand,
  instantOf,
  isDate,
  type LocalTime,
  lastEnd,
  localOfWall,
  type Series,
  wallMs,
} from '#shared/calendar';
import { MillraceError, Permanent } from '#shared/errors';

/** When something takes place, as people say it. */
export interface GivenTimes {
  readonly starts: LocalTime;
  /** Exclusive. An hour, or the whole day, where left out. */
  readonly ends?: LocalTime | undefined;
  /** Needed but for whole days. */
  readonly zone?: string | undefined;
  readonly recurrence?:
    | {
        readonly rule?: string | undefined;
        readonly dates: readonly LocalTime[];
        readonly except: readonly LocalTime[];
      }
    | undefined;
}

/** The same with its instants, as it is kept. */
export interface Times {
  readonly starts: LocalTime;
  readonly ends: LocalTime;
  readonly allDay: boolean;
  readonly zone: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly rule: string | null;
  readonly rdates: readonly LocalTime[];
  readonly exdates: readonly LocalTime[];
  /** When the last instance is over, or a little later; null: never, or too far to count. */
  readonly untilAt: Date | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What lasts longer is no event, and would be looked for in every page of a year before it. */
const LONGEST_MS = 366 * DAY_MS;
const FAR = new Date('2300-01-01T00:00:00Z');

/**
 * Places times on the line of instants: a time that a clock going forward leaves out is an hour later, one that it shows
 * twice is the first of both.
 *
 * @throws Permanent `zone-missing`, `times-unlike`, `ends-early`, `event-too-long`, and what the rule is refused for
 */
export function placeInTime(given: GivenTimes): Times {
  const { starts, zone } = given;
  const allDay = isDate(starts);
  const ends =
    given.ends ?? localOfWall((wallMs(starts) ?? 0) + (allDay ? DAY_MS : HOUR_MS), { asDate: allDay });
  if (isDate(ends) !== allDay)
    throw wrong('times-unlike', 'ends', 'Start and end must both be days, or both be times.');
  if (!allDay && zone === undefined)
    throw wrong('zone-missing', 'zone', 'A time needs its zone, such as Europe/Paris; whole days need none.');
  const home = allDay ? 'UTC' : (zone ?? 'UTC');
  const [startsAt, endsAt] = [instantOf(starts, home), instantOf(ends, home)];
  const lasts = endsAt.getTime() - startsAt.getTime();
  if (lasts < 0 || (allDay && lasts === 0))
    throw wrong('ends-early', 'ends', 'It must end after it starts; the end of whole days is the day after.');
  if (lasts > LONGEST_MS) throw wrong('event-too-long', 'ends', 'An event lasts at most 366 days.');
  const { rule, dates = [], except = [] } = given.recurrence ?? {};
  for (const date of dates)
    if (isDate(date) !== allDay)
      throw wrong(
        'times-unlike',
        'recurrence.dates',
        'Further dates must be as the start is: days, or times.',
      );
  const times = {
    ...{ starts, ends, allDay, zone: zone ?? null, startsAt, endsAt, rule: rule ?? null },
    ...{ rdates: [...new Set(dates)].sort(), exdates: [...new Set(except)].sort() },
  };
  return { ...times, untilAt: endOf(times) };
}

/**
 * The end of what begins at `starts` and lasts as long as `like` does, on the clock; undefined where one is of whole days
 * and the other is not.
 */
export function endAsLong(
  like: Pick<Times, 'starts' | 'ends' | 'allDay'>,
  starts: LocalTime,
): LocalTime | undefined {
  if (isDate(starts) !== like.allDay) return undefined;
  const [from, first, last] = [wallMs(starts), wallMs(like.starts), wallMs(like.ends)];
  if (from === undefined || first === undefined || last === undefined) return undefined;
  return localOfWall(from + last - first, { asDate: like.allDay });
}

/** @throws Permanent where the rule is none, or leads nowhere in bounded time */
function endOf(times: Omit<Times, 'untilAt'>): Date | null {
  const { starts, zone, startsAt, endsAt, rule, rdates, exdates } = times;
  if (rule === null && rdates.length === 0) return endsAt;
  const series: Series = {
    ...{ start: starts, zone: zone ?? undefined, rule: rule ?? undefined, rdates, exdates },
    duration: (endsAt.getTime() - startsAt.getTime()) / 1_000,
  };
  try {
    const first = expand(series, { from: new Date(startsAt.getTime() - DAY_MS), to: FAR, limit: 1 });
    if (first.length === 0) throw wrong('recurrence-empty', 'recurrence', 'No instance is left of it.');
    return lastEnd(series) ?? null;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.field === 'recurrence') throw error;
    throw wrong(error.code, 'recurrence.rule', error.message);
  }
}

function wrong(code: string, field: string, message: string): Permanent {
  return new Permanent(code, message, { field });
}
