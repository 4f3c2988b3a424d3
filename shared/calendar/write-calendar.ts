import type { CalendarEntry } from './entry.ts';
import { writeInstant, writeTime } from './ical-time.ts';
import { instantOf, isDate, type LocalTime } from './local-time.ts';
import { writeText } from './text-value.ts';
import { zoneLines } from './write-zone.ts';

/** How far the changes of clocks are told; what lies further away is read by its zone's name. */
const YEARS_BACK = 10;
const YEARS_AHEAD = 10;
/** Bytes of a line (RFC 5545, section 3.1). */
const LONGEST = 75;

/** An entry, and when it was last changed: its stamp. */
export interface WrittenEntry extends CalendarEntry {
  readonly changedAt: Date;
}

/**
 * Writes an iCalendar file (RFC 5545), the same for the same entries.
 *
 * @param calendar `now`: around when the clocks of its zones are told
 */
export function writeCalendar(calendar: {
  name: string;
  entries: readonly WrittenEntry[];
  now: Date;
}): string {
  const { name, entries, now } = calendar;
  const zones = new Set(entries.flatMap(({ zone }) => (zone === undefined || zone === 'UTC' ? [] : [zone])));
  const year = now.getUTCFullYear();
  const series = new Map(
    entries.flatMap((entry) => (entry.recurrenceId === undefined ? [[entry.uid, entry] as const] : [])),
  );
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Millrace//Millrace//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${writeText(name)}`,
    `X-WR-CALNAME:${writeText(name)}`,
    ...[...zones].flatMap((zone) =>
      zoneLines(zone, { fromYear: year - YEARS_BACK, toYear: year + YEARS_AHEAD }),
    ),
    ...entries.flatMap((entry) => eventLines(entry, series.get(entry.uid) ?? entry)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** @param series what it is an instance of, in whose zone it is named */
function eventLines(entry: WrittenEntry, series: WrittenEntry): string[] {
  const { zone, start, end, rule, rdates, exdates, recurrenceId, changedAt, modifiedAt = changedAt } = entry;
  const times = (name: string, all: readonly LocalTime[]): string[] => {
    const [days, clocks] = [all.filter(isDate), all.filter((time) => !isDate(time))];
    return [days, clocks].flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [`${time(name, first, zone)}${rest.map((one) => `,${value(one, zone)}`).join('')}`],
    );
  };
  const optional = (name: string, text: string): string[] =>
    text === '' ? [] : [`${name}:${writeText(text)}`];
  return [
    'BEGIN:VEVENT',
    `UID:${writeText(entry.uid)}`,
    `DTSTAMP:${writeInstant(changedAt)}`,
    `LAST-MODIFIED:${writeInstant(modifiedAt)}`,
    `SEQUENCE:${entry.sequence}`,
    ...(recurrenceId === undefined ? [] : [time('RECURRENCE-ID', recurrenceId, series.zone)]),
    time('DTSTART', start, zone),
    time('DTEND', end, zone),
    ...(rule === undefined ? [] : [`RRULE:${rule}`]),
    ...times('RDATE', rdates),
    ...times('EXDATE', exdates),
    `SUMMARY:${writeText(entry.title)}`,
    ...optional('DESCRIPTION', entry.description),
    ...optional('LOCATION', entry.place),
    `STATUS:${entry.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'}`,
    'END:VEVENT',
  ];
}

function time(name: string, local: LocalTime, zone: string | undefined): string {
  if (isDate(local)) return `${name};VALUE=DATE:${writeTime(local)}`;
  const tzid = zone === undefined || zone === 'UTC' ? '' : `;TZID=${zone}`;
  return `${name}${tzid}:${value(local, zone)}`;
}

function value(local: LocalTime, zone: string | undefined): string {
  if (zone === 'UTC' && !isDate(local)) return writeInstant(instantOf(local, 'UTC'));
  return writeTime(local);
}

/** No line is longer than 75 bytes, and no letter is cut. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= LONGEST) return line;
  let out = '';
  let bytes = 0;
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (bytes + size > LONGEST) {
      out += '\r\n ';
      bytes = 1;
    }
    out += letter;
    bytes += size;
  }
  return out;
}
