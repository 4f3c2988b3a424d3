import { offsetAt } from './local-time.ts';
import { type Steps, ZONE_YEAR_STEPS } from './steps.ts';

const WEEK_MS = 7 * 86_400_000;
/** Some 10 MB: all years of a hundred zones. */
const MOST_KEPT = 30_000;

/** A change of a zone's clock. */
export interface ZoneChange {
  readonly at: number;
  /** Milliseconds ahead of UTC, until then and from then on. */
  readonly from: number;
  readonly to: number;
}

/** Changes of each zone and year that was asked for: looking for them costs 52 questions. */
const known = new Map<string, readonly ZoneChange[]>();

/** The changes of a zone's clock in a year of UTC. */
export function changesIn(zone: string, year: number, steps?: Steps): readonly ZoneChange[] {
  const key = `${year} ${zone}`;
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const found = lookFor(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  if (steps !== undefined) steps.left -= ZONE_YEAR_STEPS;
  return found;
}

/** Whether a clock of the zone ever shows this time; one that goes forward leaves some out. */
export function isShown(wall: number, zone: string, steps?: Steps): boolean {
  const year = new Date(wall).getUTCFullYear();
  // By the clock it may be another year than by UTC.
  const changes = [year - 1, year, year + 1].flatMap((one) =>
    one === year || isAtItsEnd(wall) ? changesIn(zone, one, steps) : [],
  );
  return changes.every(({ at, from, to }) => wall < at + from || wall >= at + to);
}

function isAtItsEnd(wall: number): boolean {
  const month = new Date(wall).getUTCMonth();
  return month === 0 || month === 11;
}

function lookFor(zone: string, begin: number, end: number): ZoneChange[] {
  let before = offsetAt(begin, zone);
  const changes: ZoneChange[] = [];
  // A clock that changes twice within a week is not known of since 1945.
  for (let week = begin; week < end; week += WEEK_MS) {
    const last = Math.min(end, week + WEEK_MS);
    const after = offsetAt(last, zone);
    if (after === before) continue;
    let [low, high] = [week, last];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (offsetAt(middle, zone) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, from: before, to: after });
    before = after;
  }
  return changes;
}
