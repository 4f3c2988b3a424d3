import { MillraceError, Permanent } from '#shared/errors';
import { type Component, readComponents } from './components.ts';
import type { CalendarEntry } from './entry.ts';
import { guessZone } from './guess-zone.ts';
import { instantOf, isDate, localIn } from './local-time.ts';
import { type ReadEntry, readEntry } from './read-entry.ts';
import { readText } from './text-value.ts';
import { zoneNamed } from './zones.ts';

/** Bytes of a calendar. */
export const MAX_CALENDAR_BYTES = 5 * 1024 * 1024;
const MOST_ENTRIES = 3_000;
const MAX_NAME = 100;
/** Each asks all zones that there are. */
const MOST_GUESSES = 20;
const MOST_SKIPPED = 50;

export interface ParsedCalendar {
  /** What it calls itself; '' where it does not. */
  readonly name: string;
  /** No two of one uid and recurrenceId. Series come before their instances. */
  readonly entries: readonly CalendarEntry[];
  /** Events that cannot be taken, and why: at most 50. */
  readonly skipped: readonly { readonly uid: string; readonly code: string; readonly detail: string }[];
}

/**
 * Reads an iCalendar file (RFC 5545). An event that cannot be taken is named and left out; the file as a whole is
 * refused where it is none or too large. Alarms, guests, tasks and attachments are not read.
 *
 * @param zone where a floating file is at home, if it does not say so itself; floating times stay so without
 * @throws Permanent `calendar-not-icalendar`, `calendar-too-large`, `calendar-too-deep`, `calendar-too-many`, `calendar-cut-off`
 */
export function parseCalendar(given: string | Uint8Array): ParsedCalendar {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given;
  if (bytes.byteLength > MAX_CALENDAR_BYTES)
    throw new Permanent('calendar-too-large', `A calendar has at most ${MAX_CALENDAR_BYTES} bytes.`);
  const calendars = readComponents(bytes).children.filter(({ name }) => name === 'VCALENDAR');
  const zoneOf = zonesOf(calendars);
  const value = (wanted: string): string | undefined =>
    calendars.flatMap(({ lines }) => lines).find(({ name }) => name === wanted)?.value;
  const skipped: { uid: string; code: string; detail: string }[] = [];
  const read: ReadEntry[] = [];
  for (const event of calendars.flatMap(({ children }) => children)) {
    if (event.name !== 'VEVENT') continue;
    try {
      read.push(readEntry(event, zoneOf));
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      const uid = readText(event.lines.find(({ name }) => name === 'UID')?.value ?? '', { max: 100 });
      if (skipped.length < MOST_SKIPPED) skipped.push({ uid, code: error.code, detail: error.message });
    }
    if (read.length > MOST_ENTRIES)
      throw new Permanent('calendar-too-many', `A calendar has at most ${MOST_ENTRIES} events.`);
  }
  const isCancelled = value('METHOD')?.trim().toUpperCase() === 'CANCEL';
  const entries = newest(named(read));
  return {
    name: readText(value('X-WR-CALNAME') ?? value('NAME') ?? '', { max: MAX_NAME }),
    entries: isCancelled ? entries.map((entry) => ({ ...entry, status: 'cancelled' })) : entries,
    skipped,
  };
}

/** What a TZID of these calendars means: known names first, then what they say of it. */
function zonesOf(calendars: readonly Component[]): (tzid: string) => string | undefined {
  const described = new Map<string, Component>();
  for (const zone of calendars.flatMap(({ children }) => children)) {
    const tzid = zone.lines.find(({ name }) => name === 'TZID')?.value.trim();
    if (zone.name === 'VTIMEZONE' && tzid !== undefined && !described.has(tzid)) described.set(tzid, zone);
  }
  const home = calendars.flatMap(({ lines }) => lines).find(({ name }) => name === 'X-WR-TIMEZONE')?.value;
  const known = new Map<string, string | undefined>();
  let guesses = 0;
  return (tzid) => {
    if (known.has(tzid)) return known.get(tzid);
    let zone = zoneNamed(tzid);
    const component = described.get(tzid.trim());
    if (zone === undefined && component !== undefined && guesses < MOST_GUESSES) {
      guesses += 1;
      zone = guessZone(component);
    }
    // A zone that nobody knows: the calendar's own, else the same time on every clock.
    zone ??= zoneNamed(home ?? '');
    if (known.size < 1_000) known.set(tzid, zone);
    return zone;
  };
}

/** Instances are named by the time of their series, in its zone. */
function named(read: readonly ReadEntry[]): CalendarEntry[] {
  const series = new Map(
    read.filter(({ instance }) => instance === undefined).map((entry) => [entry.uid, entry]),
  );
  return read.map(({ instance, ...entry }) => {
    if (instance === undefined) return entry;
    const { start, zone } = series.get(entry.uid) ?? entry;
    const { local, zone: other } = instance;
    // Only one of its own: an instance of an instance means nothing.
    const single = { ...entry, rule: undefined, rdates: [], exdates: [] };
    if (isDate(start)) return { ...single, recurrenceId: local.slice(0, 10) };
    if (isDate(local)) return { ...single, recurrenceId: local + start.slice(10) };
    const isForeign = other !== undefined && other !== zone;
    return { ...single, recurrenceId: isForeign ? localIn(instantOf(local, other), zone ?? 'UTC') : local };
  });
}

/** Of what comes more than once the version that is newest (RFC 5546, section 2.1.5), else the last. */
function newest(entries: readonly CalendarEntry[]): CalendarEntry[] {
  const kept = new Map<string, CalendarEntry>();
  for (const entry of entries) {
    const key = `${entry.uid}\n${entry.recurrenceId ?? ''}`;
    const other = kept.get(key);
    if (other === undefined || !isOlder(entry, other)) kept.set(key, entry);
  }
  const all = [...kept.values()];
  return [
    ...all.filter(({ recurrenceId }) => recurrenceId === undefined),
    ...all.filter(({ recurrenceId }) => recurrenceId !== undefined),
  ];
}

function isOlder(a: CalendarEntry, b: CalendarEntry): boolean {
  if (a.sequence !== b.sequence) return a.sequence < b.sequence;
  return (a.modifiedAt?.getTime() ?? 0) < (b.modifiedAt?.getTime() ?? 0);
}
