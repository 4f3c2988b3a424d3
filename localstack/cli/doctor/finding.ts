import type { Config } from '#shared/config';
import type { Instance } from '../../data-folder/index.ts';
import type { Finding as StartFinding } from '../../preflight/index.ts';

/** `fit`: all is well. `advice`: nothing fails, but look at it. `fault`: something would fail. */
export type State = 'fit' | 'advice' | 'fault';

/** One line of `millrace doctor`. */
export interface Finding {
  /** What was looked at: `port`, `database`. */
  readonly subject: string;
  readonly state: State;
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Surroundings {
  readonly config: Config;
  /** The platform that works on the data folder now. */
  readonly instance: Instance | undefined;
  readonly signal: AbortSignal;
}

/** Looks at one thing. Changes nothing, and answers within seconds. */
export interface Examination {
  readonly subject: string;
  look(around: Surroundings): Promise<readonly Omit<Finding, 'subject'>[]>;
}

/** As a check at start says it. */
export function fromStart(finding: StartFinding): readonly Omit<Finding, 'subject'>[] {
  if (finding.ok) return finding.note === '' ? [] : [{ state: 'fit', says: finding.note }];
  const { problem: says, remedy } = finding;
  return [{ state: 'fault', says, ...(remedy === '' ? {} : { remedy }) }];
}
