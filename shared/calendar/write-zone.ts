import { writeTime } from './ical-time.ts';
import { localOfWall, offsetAt } from './local-time.ts';
import { changesIn, type ZoneChange } from './zone-changes.ts';

/** Lines of the VTIMEZONE of an IANA zone, with each change of its clock from one year to another (RFC 5545, 3.6.5). */
export function zoneLines(
  zone: string,
  { fromYear, toYear }: { fromYear: number; toYear: number },
): string[] {
  const at = Date.UTC(fromYear, 0, 1);
  const now = offsetAt(at, zone);
  // The first is how the clock stands at the beginning.
  const changes: ZoneChange[] = [{ at, from: now, to: now }];
  for (let year = fromYear; year <= toYear; year += 1) changes.push(...changesIn(zone, year));
  const standard = Math.min(...changes.map(({ to }) => to));
  const observances = Map.groupBy(changes, ({ from, to }) => `${from} ${to}`);
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${zone}`,
    ...[...observances.values()].flatMap((same) => {
      const [first, ...rest] = same;
      if (first === undefined) return [];
      const kind = first.to > standard ? 'DAYLIGHT' : 'STANDARD';
      return [
        `BEGIN:${kind}`,
        `DTSTART:${wallOf(first)}`,
        ...(rest.length === 0 ? [] : [`RDATE:${rest.map(wallOf).join(',')}`]),
        `TZOFFSETFROM:${offset(first.from)}`,
        `TZOFFSETTO:${offset(first.to)}`,
        `END:${kind}`,
      ];
    }),
    'END:VTIMEZONE',
  ];
}

/** A change is told by the clock as it stood until then. */
function wallOf({ at, from }: ZoneChange): string {
  return writeTime(localOfWall(at + from, { asDate: false }));
}

function offset(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
