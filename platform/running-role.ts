import type { Config } from '#shared/config';
import type { Log } from '#shared/telemetry';

/** A part of the platform that runs as a process of its own. */
export interface RunningRole {
  /** Where it answers; one that is done when it has begun answers nowhere. */
  readonly port: number | undefined;
  /** Drains: answers what is under way, sends what waits. */
  stop(): Promise<void>;
}

/** Begins a part of the platform. */
export type StartRole = (options: { config: Config; log: Log }) => Promise<RunningRole>;
