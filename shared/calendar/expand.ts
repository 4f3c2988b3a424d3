import { instantOf, isDate, type LocalTime, localOfWall, offsetAt, wallMs } from './local-time.ts';
import { recur } from './recur.ts';
import { readRule, untilOf } from './rule.ts';
import type { Instance, MovedInstance, Series } from './series.ts';
import type { Steps } from './steps.ts';
import { isShown } from './zone-changes.ts';

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1_000;

export interface Window {
  /** What ends after this … */
  readonly from: Date;
  /** … and begins before this. */
  readonly to: Date;
  /** At most so many, the earliest. */
  readonly limit: number;
  /** Where whole days and floating times are looked at; UTC where left out. */
  readonly zone?: string;
  /** What all that are looked at together may take; what they do not come to is left out. */
  readonly steps?: Steps | undefined;
}

/**
 * The instances of a series within a window, by their start.
 *
 * What a rule lets begin at a time that a clock going forward leaves out does not take place (RFC 5545, section 3.3.10);
 * a time that comes twice is the first of both. A start, and a date of RDATE, that is left out so is an hour later.
 *
 * @throws Permanent `rule-invalid`, `rule-too-frequent`, `rule-too-long`
 */
export function expand<Moved extends MovedInstance>(
  series: Series<Moved>,
  window: Window,
): Instance<Moved>[] {
  const home = series.zone ?? window.zone ?? 'UTC';
  const isAllDay = isDate(series.start);
  const excluded = new Set(series.exdates ?? []);
  const movedFrom = new Map((series.moved ?? []).map((moved) => [moved.recurrenceId, moved]));
  const found: Instance<Moved>[] = [];

  const take = (start: LocalTime, moved: Moved | undefined, recurrenceId: LocalTime): void => {
    const zone = moved?.zone ?? home;
    const startsAt = instantOf(start, zone);
    const endsAt = endOf(start, startsAt, moved?.duration ?? series.duration, zone);
    // What lasts no time is within the window where it begins.
    const isOver = startsAt.getTime() === endsAt.getTime() ? startsAt < window.from : endsAt <= window.from;
    if (!isOver && startsAt < window.to) found.push({ recurrenceId, start, startsAt, endsAt, moved });
  };

  const starts = new Set<LocalTime>(startsOf(series, window, home));
  for (const date of series.rdates ?? [])
    starts.add(isDate(date) && !isAllDay ? date + series.start.slice(10) : date);
  for (const start of starts) {
    if (excluded.has(start) || excluded.has(start.slice(0, 10)) || movedFrom.has(start)) continue;
    take(start, undefined, start);
  }
  for (const moved of movedFrom.values())
    if (!excluded.has(moved.recurrenceId)) take(moved.start, moved, moved.recurrenceId);
  return found
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || (a.recurrenceId < b.recurrenceId ? -1 : 1))
    .slice(0, window.limit);
}

/** Whole days last as long as the clock makes them: 23 and 25 hours too. */
function endOf(start: LocalTime, startsAt: Date, duration: number, zone: string): Date {
  if (!isDate(start)) return new Date(startsAt.getTime() + duration * 1_000);
  const days = Math.max(1, Math.round(duration / DAY_SECONDS));
  return instantOf(localOfWall((wallMs(start) ?? 0) + days * DAY_MS, { asDate: true }), zone);
}

/** What the rule lets begin in the window, and what began before it and lasts into it. */
function startsOf(series: Series, window: Window, home: string): LocalTime[] {
  const { start, rule: text } = series;
  if (text === undefined) return [start];
  const isAllDay = isDate(start);
  const rule = readRule(text);
  const until =
    rule.until === undefined ? Infinity : wallAt(untilOf(rule.until, { zone: home, isAllDay }), home);
  const begin = wallMs(start) ?? 0;
  // A clock may stand a day away from another one.
  const from = wallAt(window.from, home) - series.duration * 1_000 - DAY_MS;
  const to = Math.min(until + 1, wallAt(window.to, home) + DAY_MS);
  const enough = window.limit + (series.exdates?.length ?? 0) + (series.moved?.length ?? 0);
  // The start is the first instance whatever the rule says, and counts.
  const starts = [start];
  let counted = 1;
  // Those before may be over when the window begins: they must not take the place of others.
  const within = wallAt(window.from, home) + DAY_MS;
  let found = 0;
  for (const wall of recur(rule, { start: begin, from, to }, window.steps)) {
    if (wall >= to || counted >= (rule.count ?? Infinity) || found > enough) break;
    // Whole days know no clock that goes forward.
    if (wall === begin || !(isAllDay || isShown(wall, home, window.steps))) continue;
    counted += 1;
    if (wall >= from) starts.push(localOfWall(wall, { asDate: isAllDay }));
    if (wall >= within) found += 1;
  }
  return starts;
}

function wallAt(instant: Date, zone: string): number {
  return instant.getTime() + offsetAt(instant.getTime(), zone);
}
