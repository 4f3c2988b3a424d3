/** Calendars: times of zones, what recurs, and iCalendar files (RFC 5545), read and written. */
export type { CalendarEntry } from './entry.ts';
export { expand } from './expand.ts';
export { durationOf, lastEnd } from './last-end.ts';
export {
  instantOf,
  isDate,
  isLocalTime,
  type LocalTime,
  localIn,
  localOfWall,
  wallMs,
} from './local-time.ts';
export { MAX_CALENDAR_BYTES, type ParsedCalendar, parseCalendar } from './parse-calendar.ts';
export { readRule } from './rule.ts';
export type { Instance, MovedInstance, Series } from './series.ts';
export { type WrittenEntry, writeCalendar } from './write-calendar.ts';
export { isZone } from './zones.ts';
