/** A caption on the screen. Times in whole milliseconds; `startMs < endMs`, and no cue overlaps the next. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** One or two lines of at most 42 characters. */
  readonly lines: readonly string[];
}

/** Characters a line; the usual limit of broadcasters' guidelines for Latin script (Netflix, BBC: 37–42). */
export const LONGEST_LINE = 42;
