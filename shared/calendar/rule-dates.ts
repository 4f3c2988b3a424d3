import type { Rule, RuleDay } from './rule.ts';

export const DAY_MS = 86_400_000;

/** What is looked through, as milliseconds of a wall clock. */
export interface Span {
  /** Of the series. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Days are counted from 1970-01-01. */
const dayNumber = (year: number, month: number, date: number): number =>
  Date.UTC(year, month - 1, date) / DAY_MS;

/** 0 is Monday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Of 400 years, after which everything comes again. */
const ERA_DAYS = 146_097;

/**
 * A day's year, month and place in it. Reckoned with years that begin in March (H. Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", `civil_from_days`): rules ask it of so many days that a Date of each would take the most of the time.
 */
function civil(day: number): { year: number; month: number; date: number } {
  const since = day + 719_468;
  const era = Math.floor(since / ERA_DAYS);
  const ofEra = since - era * ERA_DAYS;
  const leaps = Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const yearOfEra = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const date = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date };
}

/** A day's places in its month and year. */
export function dayOf(day: number) {
  const { year, month, date } = civil(day);
  const first = dayNumber(year, 1, 1);
  const monthLength = dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
  return {
    year,
    month,
    date,
    monthLength,
    yearDay: day - first + 1,
    yearLength: dayNumber(year + 1, 1, 1) - first,
  };
}

/** The days of each period of a rule whose periods are days or longer (the table of RFC 5545, section 3.3.10). */
export function* datesOf(rule: Rule, { start, from, to }: Span): Generator<number[]> {
  const [startDay, fromDay, toDay] = [start, from, to].map((wall) => Math.floor(wall / DAY_MS)) as [
    number,
    number,
    number,
  ];
  const { interval } = rule;
  const steps = (passed: number): number => Math.max(0, Math.floor(passed / interval)) * interval;
  const [begin, near, last] = [dayOf(startDay), dayOf(fromDay), dayOf(toDay)];
  switch (rule.frequency) {
    case 'YEARLY':
      // The first week of a year may begin in the year before.
      for (let year = begin.year + steps(near.year - begin.year - 1); year <= last.year + 1; year += interval)
        yield yearDates(rule, year, startDay);
      return;
    case 'MONTHLY': {
      const monthsTo = ({ year, month }: { year: number; month: number }): number =>
        (year - begin.year) * 12 + month - 1;
      const first = begin.month - 1;
      for (let at = first + steps(monthsTo(near) - first); at <= monthsTo(last); at += interval)
        yield monthDates(rule, begin.year + Math.floor(at / 12), (at % 12) + 1, startDay);
      return;
    }
    case 'WEEKLY': {
      const first = startDay - ((weekdayOf(startDay) - rule.weekStart + 7) % 7);
      for (
        let week = first + steps(Math.floor((fromDay - first) / 7)) * 7;
        week <= toDay;
        week += interval * 7
      )
        yield weekDates(rule, week, startDay);
      return;
    }
    default:
      for (let day = startDay + steps(fromDay - startDay); day <= toDay; day += interval)
        yield inMonths(rule, day) && inMonthDays(rule, day) && onWeekdays(rule, day) ? [day] : [];
  }
}

function yearDates(rule: Rule, year: number, startDay: number): number[] {
  const { weeks, yearDays, monthDays, days, months } = rule;
  const first = dayNumber(year, 1, 1);
  const next = dayNumber(year + 1, 1, 1);
  if (weeks.length > 0) return weekNumberDates(rule, year, startDay);
  if (yearDays.length > 0)
    return sorted(yearDays.map((day) => (day > 0 ? first + day - 1 : next + day))).filter(
      (day) =>
        day >= first && day < next && inMonths(rule, day) && inMonthDays(rule, day) && onWeekdays(rule, day),
    );
  // Numbered days of a year without months are counted in the year.
  if (monthDays.length === 0 && days.length > 0 && months.length === 0)
    return weekdaysWithin(days, first, next - 1);
  const own = months.length > 0 ? months : monthDays.length > 0 ? EVERY_MONTH : [dayOf(startDay).month];
  return sorted(own.flatMap((month) => monthDates(rule, year, month, startDay)));
}

const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function monthDates(rule: Rule, year: number, month: number, startDay: number): number[] {
  if (rule.months.length > 0 && !rule.months.includes(month)) return [];
  const first = dayNumber(year, month, 1);
  const last = dayNumber(year, month + 1, 1) - 1;
  const named = rule.days.length === 0 ? undefined : weekdaysWithin(rule.days, first, last);
  if (rule.monthDays.length === 0 && named !== undefined) return named;
  const dates = rule.monthDays.length === 0 ? [dayOf(startDay).date] : rule.monthDays;
  return sorted(dates.map((date) => (date > 0 ? first + date - 1 : last + date + 1))).filter(
    (day) => day >= first && day <= last && (named === undefined || named.includes(day)),
  );
}

function weekDates(rule: Rule, week: number, startDay: number): number[] {
  const wanted = rule.days.length === 0 ? [weekdayOf(startDay)] : rule.days.map(({ day }) => day);
  return [0, 1, 2, 3, 4, 5, 6]
    .map((index) => week + index)
    .filter((day) => wanted.includes(weekdayOf(day)) && inMonths(rule, day));
}

/** Week 1 is the first with four days in the year (ISO 8601). */
function weekNumberDates(rule: Rule, year: number, startDay: number): number[] {
  const firstWeek = (of: number): number => {
    const first = dayNumber(of, 1, 1);
    const before = (weekdayOf(first) - rule.weekStart + 7) % 7;
    return first - before + (before > 3 ? 7 : 0);
  };
  const [first, next] = [firstWeek(year), firstWeek(year + 1)];
  const starts = rule.weeks.map((week) => (week > 0 ? first + (week - 1) * 7 : next + week * 7));
  const within = starts.filter((week) => week >= first && week < next);
  return sorted(within.flatMap((week) => weekDates(rule, week, startDay))).filter((day) =>
    inMonthDays(rule, day),
  );
}

/** Each of these weekdays between two days, or the nth of them. */
function weekdaysWithin(days: readonly RuleDay[], first: number, last: number): number[] {
  const found = days.flatMap(({ day: weekday, nth }) => {
    const earliest = first + ((weekday - weekdayOf(first) + 7) % 7);
    const latest = last - ((weekdayOf(last) - weekday + 7) % 7);
    if (nth === 0)
      return Array.from({ length: (latest - earliest) / 7 + 1 }, (_, index) => earliest + index * 7);
    const day = nth > 0 ? earliest + (nth - 1) * 7 : latest + (nth + 1) * 7;
    return day >= first && day <= last ? [day] : [];
  });
  return sorted(found);
}

function inMonths({ months }: Rule, day: number): boolean {
  return months.length === 0 || months.includes(civil(day).month);
}

function inMonthDays({ monthDays }: Rule, day: number): boolean {
  if (monthDays.length === 0) return true;
  const { year, month, date } = civil(day);
  return monthDays.includes(date) || monthDays.includes(day - dayNumber(year, month + 1, 1));
}

function onWeekdays({ days }: Rule, day: number): boolean {
  return days.length === 0 || days.some((one) => one.day === weekdayOf(day));
}

function sorted(days: readonly number[]): number[] {
  return [...new Set(days)].sort((a, b) => a - b);
}
