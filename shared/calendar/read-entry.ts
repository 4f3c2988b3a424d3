import { createHash } from 'node:crypto';
import { Permanent } from '#shared/errors';
import type { Component } from './components.ts';
import type { ContentLine } from './content-lines.ts';
import { type CalendarEntry, MAX_DESCRIPTION, MAX_PLACE, MAX_TITLE, MAX_UID, MOST_DATES } from './entry.ts';
import { type IcalTime, readDuration, readTime } from './ical-time.ts';
import { instantOf, isDate, type LocalTime, localIn, localOfWall, wallMs } from './local-time.ts';
import { readRule, untilOf } from './rule.ts';
import { readText } from './text-value.ts';

const DAY_MS = 86_400_000;
/** What lasts longer is no event. */
const LONGEST_MS = 366 * DAY_MS;
const MOST_SEQUENCE = 2_147_483_647;

/** An entry whose instance is named in whatever zone the file took. */
export interface ReadEntry extends Omit<CalendarEntry, 'recurrenceId'> {
  readonly instance: IcalTime | undefined;
}

/**
 * Reads a VEVENT.
 *
 * @param zoneOf the IANA zone of a TZID of this file
 * @throws Permanent `entry-without-start`, `entry-ends-early`, `entry-too-long`, and what `readRule` throws
 */
export function readEntry(event: Component, zoneOf: (tzid: string) => string | undefined): ReadEntry {
  const all = (wanted: string): ContentLine[] => event.lines.filter(({ name }) => name === wanted);
  const text = (wanted: string): string => all(wanted)[0]?.value ?? '';
  const time = (line: ContentLine | undefined): IcalTime | undefined => {
    const tzid = line?.params.get('TZID');
    return line === undefined
      ? undefined
      : readTime(line.value, tzid === undefined ? undefined : zoneOf(tzid));
  };

  const begins = time(all('DTSTART')[0]);
  if (begins === undefined)
    throw new Permanent('entry-without-start', 'DTSTART is missing, or is no day or time from 1900 to 2200.');
  const { local: start, zone } = begins;
  const isAllDay = isDate(start);
  const home = zone ?? 'UTC';
  // Everything of a series is told in its own zone.
  const ownTime = ({ local, zone: other }: IcalTime): LocalTime => {
    if (isAllDay) return local.slice(0, 10);
    return other === undefined || other === zone ? local : localIn(instantOf(local, other), home);
  };
  const dates = (name: string): LocalTime[] => {
    const found = all(name).flatMap(({ value, params }) =>
      value.split(',', MOST_DATES).flatMap((one) => {
        // Of a period (RFC 5545, section 3.3.9) its beginning.
        const [from = ''] = one.split('/');
        const read = time({ name, params, value: from });
        return read === undefined ? [] : [isDate(read.local) ? read.local : ownTime(read)];
      }),
    );
    return [...new Set(found)].sort().slice(0, MOST_DATES);
  };

  const rule = all('RRULE')[0]?.value;
  const kept = rule === undefined ? undefined : readRule(rule);
  if (kept?.until !== undefined) untilOf(kept.until, { zone: home, isAllDay });
  const title = readText(text('SUMMARY'), { max: MAX_TITLE });
  const ends = time(all('DTEND')[0]);
  return {
    uid: uidOf(text('UID'), `${start} ${title}`),
    instance: time(all('RECURRENCE-ID')[0]),
    title: title === '' ? 'Untitled' : title,
    description: readText(text('DESCRIPTION'), { max: MAX_DESCRIPTION, lines: true }),
    place: readText(text('LOCATION'), { max: MAX_PLACE }),
    start,
    end: endOf({
      start,
      home,
      end: ends === undefined ? undefined : ownTime(ends),
      duration: text('DURATION'),
    }),
    zone,
    rule: kept?.text,
    rdates: dates('RDATE'),
    exdates: dates('EXDATE'),
    status: text('STATUS').trim().toUpperCase() === 'CANCELLED' ? 'cancelled' : 'scheduled',
    sequence: Math.min(MOST_SEQUENCE, Number(/^\d{1,10}$/.exec(text('SEQUENCE').trim())?.[0] ?? '0')),
    modifiedAt: instantIn(text('LAST-MODIFIED')) ?? instantIn(text('DTSTAMP')),
  };
}

/** Without an end a day lasts one, and a time none (RFC 5545, section 3.6.1). */
function endOf(given: {
  start: LocalTime;
  home: string;
  end: LocalTime | undefined;
  duration: string;
}): LocalTime {
  const { start, home, duration } = given;
  const isAllDay = isDate(start);
  const from = isAllDay ? (wallMs(start) ?? 0) : instantOf(start, home).getTime();
  const seconds = duration === '' ? undefined : readDuration(duration);
  let ms = isAllDay ? DAY_MS : 0;
  if (given.end !== undefined)
    ms = (isAllDay ? (wallMs(given.end) ?? 0) : instantOf(given.end, home).getTime()) - from;
  else if (seconds !== undefined) ms = seconds * 1_000;
  if (ms < 0) throw new Permanent('entry-ends-early', 'It ends before it begins.');
  if (ms > LONGEST_MS) throw new Permanent('entry-too-long', 'It lasts longer than 366 days.');
  // Some programs write the last day of whole days, which is the first one too.
  return isAllDay
    ? localOfWall(from + Math.max(DAY_MS, Math.round(ms / DAY_MS) * DAY_MS), { asDate: true })
    : localIn(new Date(from + ms), home);
}

/** An entry that is not named is called by what it is, so that it is the same the next time. */
function uidOf(given: string, what: string): string {
  const uid = readText(given, { max: 2_000 });
  if (uid !== '' && uid.length <= MAX_UID) return uid;
  return `sha256-${createHash('sha256')
    .update(uid === '' ? what : uid)
    .digest('hex')}`;
}

function instantIn(text: string): Date | undefined {
  const read = readTime(text, 'UTC');
  return read === undefined ? undefined : instantOf(read.local, 'UTC');
}
