/** A date (`2026-03-29`) or a time on a wall clock (`2026-03-29T02:30:00`), of no zone. */
export type LocalTime = string;

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2}))?$/;
const DAY_MS = 86_400_000;

/** Whether the text is a day that exists, or a time on one. */
export function isLocalTime(text: string): boolean {
  return wallMs(text) !== undefined;
}

/** Whether a local time is a day and no time on it. */
export function isDate(local: LocalTime): boolean {
  return local.length === 10;
}

/** Milliseconds as if the wall clock showed UTC; undefined for what is no local time. */
export function wallMs(local: LocalTime): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = LOCAL.exec(local) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // `2026-02-30` would be taken for a day in March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== `${year}-${month}-${day}`
    ? undefined
    : ms;
}

/** The local time of such milliseconds. */
export function localOfWall(ms: number, { asDate }: { asDate: boolean }): LocalTime {
  return new Date(ms).toISOString().slice(0, asDate ? 10 : 19);
}

/**
 * The instant that a wall clock of a zone shows a time. What a clock that goes forward leaves out is read with the
 * offset before (RFC 5545, section 3.3.5), what it shows twice is the first of both.
 *
 * @param zone an IANA name; an unknown one throws RangeError
 */
export function instantOf(local: LocalTime, zone: string): Date {
  const wall = wallMs(local);
  if (wall === undefined) throw new RangeError(`no local time: ${local}`);
  const before = offsetAt(wall - DAY_MS, zone);
  const after = offsetAt(wall + DAY_MS, zone);
  const early = wall - before;
  if (before === after || offsetAt(early, zone) === before) return new Date(early);
  const late = wall - after;
  return new Date(offsetAt(late, zone) === after ? late : early);
}

/** What a wall clock of a zone shows. */
export function localIn(instant: Date, zone: string, options: { asDate?: boolean } = {}): LocalTime {
  const ms = instant.getTime();
  return localOfWall(ms + offsetAt(ms, zone), { asDate: options.asDate ?? false });
}

/** Milliseconds that a zone is ahead of UTC at an instant. */
export function offsetAt(ms: number, zone: string): number {
  const whole = Math.floor(ms / 1_000) * 1_000;
  // `3/29/2026, 02:30:00`: its parts one by one (formatToParts) take twice as long.
  const [month = 1, day, year = 0, hour, minute, second] = clockOf(zone)
    .format(whole)
    .split(/\D+/)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** Making one costs a hundred times what asking it does. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  // Zones that exist are a few hundred: what is none has thrown above.
  clocks.set(zone, made);
  return made;
}
