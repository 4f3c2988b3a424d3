import type { Rule } from './rule.ts';
import { DAY_MS, datesOf, dayOf, type Span, weekdayOf } from './rule-dates.ts';
import type { Steps } from './steps.ts';

/** Periods that are looked through, and instances that are looked at: some hundredths of a second. */
const MOST_PERIODS = 40_000;
const MOST_CANDIDATES = 120_000;
const HOUR_MS = 3_600_000;

/**
 * When a rule lets something begin within a span, in order, as a wall clock shows it: about the span, and from the start
 * on where the rule counts. What is not found within the steps that it may take does not take place.
 */
export function* recur(
  rule: Rule,
  { start, from, to }: Span,
  steps: Steps = { left: Infinity },
): Generator<number> {
  const weight = weightOf(rule);
  const span = { start, from: rule.count === undefined ? Math.max(start, from) : start, to };
  const periods = rule.frequency === 'HOURLY' ? hoursOf(rule, span) : daysOf(rule, span);
  let candidates = 0;
  let looked = 0;
  for (const period of periods) {
    looked += 1;
    candidates += period.length;
    steps.left -= weight + period.length;
    for (const wall of chosen(period, rule.positions)) if (wall >= start) yield wall;
    if (looked > MOST_PERIODS || candidates > MOST_CANDIDATES || steps.left <= 0) return;
  }
}

/** Days that are looked at for a period, beside those that it has. */
function weightOf({ frequency, weeks, yearDays, monthDays, days }: Rule): number {
  const ofMonth = monthDays.length + 5 * days.length;
  if (frequency === 'YEARLY') return 1 + 7 * weeks.length + yearDays.length + 12 * ofMonth;
  return frequency === 'MONTHLY' ? 1 + ofMonth : 1;
}

/** Each period that is a day or longer: its days, at each of their times. */
function* daysOf(rule: Rule, span: Span): Generator<number[]> {
  const times = timesOf(rule, span.start);
  for (const dates of datesOf(rule, span))
    yield dates.flatMap((day) => times.map((time) => day * DAY_MS + time));
}

/** Of a day, in milliseconds; that of the start where the rule names none. */
function timesOf(rule: Rule, start: number): number[] {
  const at = new Date(start);
  const or = (named: readonly number[], own: number) => (named.length === 0 ? [own] : named);
  const times = or(rule.hours, at.getUTCHours()).flatMap((hour) =>
    or(rule.minutes, at.getUTCMinutes()).flatMap((minute) =>
      or(rule.seconds, at.getUTCSeconds()).map((second) => ((hour * 60 + minute) * 60 + second) * 1_000),
    ),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}

/** Each hour, by the clock. */
function* hoursOf(rule: Rule, { start, from, to }: Span): Generator<number[]> {
  const step = rule.interval * HOUR_MS;
  const first = Math.floor(start / HOUR_MS) * HOUR_MS;
  const within = timesOf({ ...rule, hours: [0] }, start);
  const allowed = new Map<number, boolean>();
  for (let hour = first + Math.max(0, Math.floor((from - first) / step)) * step; hour <= to; hour += step) {
    const day = Math.floor(hour / DAY_MS);
    if (!allowed.has(day)) {
      allowed.clear();
      allowed.set(day, isAllowed(rule, day));
    }
    const isNamed = rule.hours.length === 0 || rule.hours.includes(new Date(hour).getUTCHours());
    yield allowed.get(day) === true && isNamed ? within.map((time) => hour + time) : [];
  }
}

function isAllowed(rule: Rule, day: number): boolean {
  const { month, date, monthLength, yearDay, yearLength } = dayOf(day);
  const counts = (named: readonly number[], value: number, length: number): boolean =>
    named.length === 0 || named.includes(value) || named.includes(value - length - 1);
  return (
    (rule.months.length === 0 || rule.months.includes(month)) &&
    counts(rule.monthDays, date, monthLength) &&
    counts(rule.yearDays, yearDay, yearLength) &&
    (rule.days.length === 0 || rule.days.some((one) => one.day === weekdayOf(day)))
  );
}

/** BYSETPOS: which of a period, from its beginning or its end. */
function chosen(period: readonly number[], positions: readonly number[]): readonly number[] {
  if (positions.length === 0) return period;
  const found = positions.flatMap((position) => {
    const wall = period[position > 0 ? position - 1 : period.length + position];
    return wall === undefined ? [] : [wall];
  });
  return [...new Set(found)].sort((a, b) => a - b);
}
