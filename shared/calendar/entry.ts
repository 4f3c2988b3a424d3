import type { LocalTime } from './local-time.ts';

/** An event of a calendar: one that takes place once, a series, or an instance of one that is not as its rule says. */
export interface CalendarEntry {
  /** The same for a series and its instances. */
  readonly uid: string;
  /** Which instance this is: when its series lets it begin, in the zone of the series. */
  readonly recurrenceId?: LocalTime | undefined;
  readonly title: string;
  readonly description: string;
  readonly place: string;
  /** A date for what lasts whole days. */
  readonly start: LocalTime;
  /** In the same zone; of whole days the first one after. */
  readonly end: LocalTime;
  /** An IANA name; undefined: floating. */
  readonly zone: string | undefined;
  /** RRULE without its name, as `readRule` keeps it. */
  readonly rule?: string | undefined;
  readonly rdates: readonly LocalTime[];
  readonly exdates: readonly LocalTime[];
  readonly status: 'scheduled' | 'cancelled';
  /** Goes up with each change that matters to guests. */
  readonly sequence: number;
  readonly modifiedAt: Date | undefined;
}

/** Characters; more is cut off. */
export const MAX_TITLE = 200;
export const MAX_DESCRIPTION = 5_000;
export const MAX_PLACE = 200;
export const MAX_UID = 255;
/** Of a series. */
export const MOST_DATES = 500;
