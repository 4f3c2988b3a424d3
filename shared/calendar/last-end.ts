import { instantOf, isDate } from './local-time.ts';
import { type Frequency, readRule, untilOf } from './rule.ts';
import type { Series } from './series.ts';

const DAY_MS = 86_400_000;
/** The longest that a step of a rule may be, days that it leaves out (the 31st, the 29th of February) counted in. */
const STEP_DAYS: Readonly<Record<Frequency, number>> = {
  YEARLY: 8 * 366,
  MONTHLY: 62,
  WEEKLY: 7,
  DAILY: 1,
  HOURLY: 1,
};
const FURTHEST = Date.UTC(2300, 0, 1);

/**
 * When a series is over, or some time after: nothing is counted out for it. Undefined where it has no end, or nobody can
 * say.
 *
 * @throws Permanent what `readRule` throws
 */
export function lastEnd(series: Series): Date | undefined {
  const { start, zone = 'UTC', duration, rule: text, rdates = [] } = series;
  const lasts = duration * 1_000 + (isDate(start) ? DAY_MS : 0);
  const ends = [start, ...rdates].map((local) => instantOf(local, zone).getTime() + lasts);
  if (text !== undefined) {
    const rule = readRule(text);
    const { until, count = Infinity, frequency, interval } = rule;
    // Parts that may let a rule wait for longer than its steps.
    const { months, monthDays, yearDays, weeks, positions, days, hours } = rule;
    const isPlain = [months, monthDays, yearDays, weeks, positions, days, hours].every(
      ({ length }) => length === 0,
    );
    if (until !== undefined) ends.push(untilOf(until, { zone, isAllDay: isDate(start) }).getTime() + lasts);
    else
      ends.push(
        instantOf(start, zone).getTime() +
          (isPlain ? count * interval * STEP_DAYS[frequency] * DAY_MS : Infinity) +
          lasts,
      );
  }
  const last = Math.max(...ends);
  return last < FURTHEST ? new Date(last) : undefined;
}

/** Seconds from a start to an end of the same zone; days are 86,400 each. */
export function durationOf({
  start,
  end,
  zone,
}: {
  start: string;
  end: string;
  zone: string | undefined;
}): number {
  const home = isDate(start) ? 'UTC' : (zone ?? 'UTC');
  return (instantOf(end, home).getTime() - instantOf(start, home).getTime()) / 1_000;
}
