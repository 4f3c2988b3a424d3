import type { Component } from './components.ts';
import { expand } from './expand.ts';
import { readTime } from './ical-time.ts';
import { offsetAt } from './local-time.ts';
import { zoneNamed } from './zones.ts';

/** The year that is looked at, in the middle of each month: then the clocks of Europe and America differ in March. */
const YEAR = 2025;
const PROBES = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(YEAR, month, 15, 12)));
const BEFORE = new Date(Date.UTC(YEAR - 2, 0, 1));
const AFTER = new Date(Date.UTC(YEAR + 1, 0, 1));
/** Taken first where many zones have these clocks. */
const KNOWN =
  'UTC Europe/London Europe/Berlin Europe/Athens Europe/Moscow America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu America/Halifax America/Sao_Paulo Asia/Tokyo Asia/Shanghai Asia/Kolkata Asia/Dubai Asia/Karachi Asia/Bangkok Australia/Sydney Australia/Brisbane Pacific/Auckland Africa/Johannesburg Africa/Lagos'.split(
    ' ',
  );

/**
 * The zone that a VTIMEZONE with a name of its own describes ("Customized Time Zone"): the one that it names, else one
 * with the same clocks. Undefined where there is none.
 */
export function guessZone(described: Component): string | undefined {
  const named = described.lines.find(({ name }) => name === 'X-LIC-LOCATION')?.value;
  const known = named === undefined ? undefined : zoneNamed(named);
  if (known !== undefined) return known;
  const changes = described.children.slice(0, 20).flatMap(changesOf);
  changes.sort((a, b) => a.at - b.at);
  const offsets = PROBES.map(
    (probe) => changes.findLast(({ at }) => at <= probe.getTime())?.offset ?? changes[0]?.offset,
  );
  if (changes.length === 0) return undefined;
  const fits = (zone: string): boolean =>
    PROBES.every((probe, month) => offsetAt(probe.getTime(), zone) === offsets[month]);
  return KNOWN.find(fits) ?? Intl.supportedValuesOf('timeZone').find(fits);
}

/** When a clock changes to what, as near as a day. */
function changesOf(observance: Component): { at: number; offset: number }[] {
  const value = (wanted: string): string | undefined =>
    observance.lines.find(({ name }) => name === wanted)?.value;
  const [all, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})/.exec(value('TZOFFSETTO') ?? '') ?? [];
  // Some programs begin in 1601.
  const begins = (value('DTSTART') ?? '').replace(/^\d{4}/, (year) => (year < '1970' ? '1970' : year));
  const start = readTime(begins, 'UTC')?.local;
  if (all === undefined || start === undefined) return [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const window = { from: BEFORE, to: AFTER, limit: 20 };
  try {
    const rdates = (value('RDATE')?.split(',', 200) ?? []).flatMap(
      (one) => readTime(one, 'UTC')?.local ?? [],
    );
    const series = { start, zone: 'UTC', duration: 0, rule: value('RRULE'), rdates };
    const seen = expand(series, window).map(({ startsAt }) => startsAt.getTime());
    return [Date.parse(`${start.slice(0, 10)}T00:00:00Z`), ...seen].map((at) => ({ at, offset }));
  } catch {
    return [];
  }
}
