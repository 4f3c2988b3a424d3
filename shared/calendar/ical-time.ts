import { isDate, isLocalTime, type LocalTime, localIn } from './local-time.ts';

const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)$/;

/** A date or a time as iCalendar writes it. */
export interface IcalTime {
  readonly local: LocalTime;
  /** An IANA name; undefined for dates and floating times. */
  readonly zone: string | undefined;
}

/** Reads `20260329T023000`, `20260329T003000Z` or `20260329`; undefined for what is no time that exists. */
export function readTime(text: string, zone: string | undefined): IcalTime | undefined {
  const [, y, m, d, hour, minute, second, utc] = TIME.exec(text.trim()) ?? DATE.exec(text.trim()) ?? [];
  if (y === undefined) return undefined;
  // A leap second: clocks show the one before twice.
  const local =
    hour === undefined
      ? `${y}-${m}-${d}`
      : `${y}-${m}-${d}T${hour}:${minute}:${second === '60' ? '59' : second}`;
  // What calendars are for; instants stay within what databases and programs hold.
  if (!isLocalTime(local) || y < '1900' || y > '2200') return undefined;
  return { local, zone: isDate(local) ? undefined : utc === 'Z' ? 'UTC' : zone };
}

/** The inverse of {@link readTime}. */
export function writeTime(local: LocalTime): string {
  return local.replaceAll(/[-:]/g, '');
}

/** An instant, in UTC. */
export function writeInstant(instant: Date): string {
  return `${writeTime(localIn(instant, 'UTC'))}Z`;
}

const DURATION =
  /^([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/;

/** Seconds of `P1DT2H`; undefined for what is no duration. */
export function readDuration(text: string): number | undefined {
  const [all, sign, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] =
    DURATION.exec(text.trim().toUpperCase()) ?? [];
  if (all === undefined || /[PT]$/.test(all)) return undefined;
  const total =
    ((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 3_600 +
    Number(minutes) * 60 +
    Number(seconds);
  return sign === '-' ? -total : total;
}
