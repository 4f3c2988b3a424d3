import type { LocalTime } from './local-time.ts';

/** What happens once, or again and again. */
export interface Series<Moved extends MovedInstance = MovedInstance> {
  /** A date for what lasts whole days. */
  readonly start: LocalTime;
  /** An IANA name; undefined: the same time on every clock (RFC 5545: floating), as whole days are. */
  readonly zone: string | undefined;
  /** Seconds, counted exactly; of whole days a multiple of 86,400. */
  readonly duration: number;
  /** Of RFC 5545, section 3.3.10, without `RRULE:` before it. */
  readonly rule?: string | undefined;
  /** Further starts. A date in a series of times is that day at the series' own time. */
  readonly rdates?: readonly LocalTime[];
  /** Starts that are left out. A date in a series of times is all of that day. */
  readonly exdates?: readonly LocalTime[];
  readonly moved?: readonly Moved[];
}

/** One instance that is not as the rule says. */
export interface MovedInstance {
  /** When it would have begun, in the zone of its series. */
  readonly recurrenceId: LocalTime;
  readonly start: LocalTime;
  /** That of its series where left out. */
  readonly zone?: string | undefined;
  /** Seconds. */
  readonly duration: number;
}

export interface Instance<Moved extends MovedInstance = MovedInstance> {
  /** Names it within its series: when the rule lets it begin. */
  readonly recurrenceId: LocalTime;
  readonly start: LocalTime;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** There where it is not as the rule says. */
  readonly moved: Moved | undefined;
}
