import { Permanent } from '#shared/errors';
import { instantOf, isLocalTime, type LocalTime } from './local-time.ts';

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'] as const;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const LONGEST = 500;
/** A COUNT must be counted out from the beginning. */
const MOST_COUNTED = 4_000;
const MOST_A_DAY = 48;
const MOST_INTERVAL = 10_000;

const DAY = '(?:[+-]?\\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)';
const list = (entry: string): RegExp => new RegExp(`^(?:${entry})(?:,(?:${entry})){0,63}$`);
/** Each part and what it may hold; those of seconds and minutes at most a few, as they multiply. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^[A-Z]+$/,
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  COUNT: /^\d{1,9}$/,
  INTERVAL: /^\d{1,9}$/,
  BYSECOND: /^\d{1,2}$/,
  BYMINUTE: /^\d{1,2}(?:,\d{1,2}){0,5}$/,
  BYHOUR: list('\\d{1,2}'),
  BYDAY: list(DAY),
  BYMONTHDAY: list('[+-]?\\d{1,2}'),
  BYYEARDAY: list('[+-]?\\d{1,3}'),
  BYWEEKNO: list('[+-]?\\d{1,2}'),
  BYMONTH: list('\\d{1,2}'),
  BYSETPOS: list('[+-]?\\d{1,3}'),
  WKST: /^(?:MO|TU|WE|TH|FR|SA|SU)$/,
};

export type Frequency = (typeof FREQUENCIES)[number];

/** A day of the week (0 is Monday), and which of its month or year; 0: each. */
export interface RuleDay {
  readonly day: number;
  readonly nth: number;
}

/** A recurrence rule that was looked at. Lists are empty where it does not name one. */
export interface Rule {
  /** As it is kept: in capitals. */
  readonly text: string;
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: string | undefined;
  readonly months: readonly number[];
  readonly weeks: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly days: readonly RuleDay[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly positions: readonly number[];
  /** 0 is Monday. */
  readonly weekStart: number;
}

/**
 * Reads a recurrence rule (RFC 5545, section 3.3.10), with or without `RRULE:` before it. Rules of minutes and seconds
 * are refused, and those that count further than 4,000.
 *
 * @throws Permanent `rule-invalid`, `rule-too-frequent`, `rule-too-long`
 */
export function readRule(given: string): Rule {
  const text = given
    .trim()
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .replace(/;$/, '');
  if (text.length > LONGEST)
    throw refused('rule-invalid', `A recurrence rule has at most ${LONGEST} characters.`);
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [name = '', value = '', ...more] = part.split('=');
    // X- parts mean nothing here, and nothing to others.
    if (name.startsWith('X-')) continue;
    const form = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (form === undefined || more.length > 0 || !form.test(value) || parts.has(name))
      throw refused(
        'rule-invalid',
        `${JSON.stringify(part.slice(0, 60))} is no part of a recurrence rule (RFC 5545, section 3.3.10), is too long or comes twice.`,
      );
    parts.set(name, value);
  }
  const frequency = frequencyOf(parts.get('FREQ') ?? '');
  check(parts, frequency);
  const numbers = (name: string): number[] => (parts.get(name)?.split(',') ?? []).map(Number);
  const count = parts.get('COUNT');
  return {
    text: [...parts].map(([name, value]) => `${name}=${value}`).join(';'),
    frequency,
    interval: Number(parts.get('INTERVAL') ?? '1'),
    count: count === undefined ? undefined : Number(count),
    until: parts.get('UNTIL'),
    months: numbers('BYMONTH'),
    weeks: numbers('BYWEEKNO'),
    yearDays: numbers('BYYEARDAY'),
    monthDays: numbers('BYMONTHDAY'),
    days: (parts.get('BYDAY')?.split(',') ?? []).map((text) => ({
      day: WEEKDAYS.indexOf(text.slice(-2)),
      nth: Number(text.slice(0, -2)),
    })),
    hours: numbers('BYHOUR'),
    minutes: numbers('BYMINUTE'),
    seconds: numbers('BYSECOND'),
    positions: numbers('BYSETPOS'),
    weekStart: WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO'),
  };
}

function frequencyOf(text: string): Frequency {
  if (text === 'SECONDLY' || text === 'MINUTELY')
    throw refused('rule-too-frequent', `FREQ=${text} is more often than a calendar shows; take HOURLY.`);
  const found = FREQUENCIES.find((frequency) => frequency === text);
  if (found === undefined) throw refused('rule-invalid', `FREQ must be one of ${FREQUENCIES.join(', ')}.`);
  return found;
}

/** Parts that mean nothing with a frequency (RFC 5545, section 3.3.10). */
const MEANINGLESS: Readonly<Record<Frequency, readonly string[]>> = {
  YEARLY: [],
  MONTHLY: ['BYWEEKNO', 'BYYEARDAY'],
  WEEKLY: ['BYWEEKNO', 'BYYEARDAY', 'BYMONTHDAY'],
  DAILY: ['BYWEEKNO', 'BYYEARDAY'],
  HOURLY: ['BYWEEKNO'],
};

function check(parts: ReadonlyMap<string, string>, frequency: Frequency): void {
  for (const name of MEANINGLESS[frequency])
    if (parts.has(name)) throw refused('rule-invalid', `${name} means nothing with FREQ=${frequency}.`);
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const isNumbered = days.some((day) => day.length > 2);
  if (isNumbered && (!['YEARLY', 'MONTHLY'].includes(frequency) || parts.has('BYWEEKNO')))
    throw refused('rule-invalid', 'BYDAY with numbers is for years and months: the second Sunday of each.');
  if (days.some((day) => day.length > 2 && Number(day.slice(0, -2)) === 0))
    throw refused('rule-invalid', 'Days of BYDAY are counted from 1, or from -1 backwards.');
  const count = parts.get('COUNT');
  if (count !== undefined && parts.has('UNTIL'))
    throw refused('rule-invalid', 'COUNT and UNTIL exclude each other.');
  if (count !== undefined && (Number(count) < 1 || Number(count) > MOST_COUNTED))
    throw refused(
      'rule-too-long',
      `COUNT must be 1 to ${MOST_COUNTED}; leave it out for an event that has no end.`,
    );
  const interval = Number(parts.get('INTERVAL') ?? '1');
  if (interval < 1 || interval > MOST_INTERVAL)
    throw refused('rule-invalid', `INTERVAL must be 1 to ${MOST_INTERVAL}.`);
  const times = (name: string): number => parts.get(name)?.split(',').length ?? 1;
  if (times('BYHOUR') * times('BYMINUTE') > MOST_A_DAY)
    throw refused('rule-too-frequent', `At most ${MOST_A_DAY} times a day can be named.`);
  for (const [name, most] of [
    ['BYSECOND', 59],
    ['BYMINUTE', 59],
    ['BYHOUR', 23],
    ['BYMONTHDAY', 31],
    ['BYYEARDAY', 366],
    ['BYWEEKNO', 53],
    ['BYMONTH', 12],
    ['BYSETPOS', 366],
  ] as const)
    for (const value of parts.get(name)?.split(',') ?? [])
      if (
        Math.abs(Number(value)) > most ||
        (!['BYSECOND', 'BYMINUTE', 'BYHOUR'].includes(name) && Number(value) === 0)
      )
        throw refused('rule-invalid', `${name} takes values up to ${most}; ${value} is none.`);
}

/**
 * The last instant of a rule. A date is that whole day; a time without a zone is one of the series' own, as
 * programs write it against the letter of the standard.
 */
export function untilOf(until: string, { zone, isAllDay }: { zone: string; isAllDay: boolean }): Date {
  const [date, time] = until.split('T') as [string, string | undefined];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  const of = (local: LocalTime): Date => {
    if (!isLocalTime(local)) throw refused('rule-invalid', `UNTIL=${until} is no day or time that exists.`);
    return instantOf(local, zone);
  };
  if (time === undefined || isAllDay) return of(`${day}T23:59:59`);
  const clock = `${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}`;
  if (!time.endsWith('Z')) return of(clock);
  const utc = new Date(`${clock}Z`);
  if (Number.isNaN(utc.getTime())) throw refused('rule-invalid', `UNTIL=${until} is no time that exists.`);
  return utc;
}

function refused(code: string, message: string): Permanent {
  return new Permanent(code, message, { field: 'rule' });
}
