import type { LogLevel } from '#shared/config';
import type { PortSettings } from '#shared/ports';
import type { StoreSettings } from '#shared/storage';
import type { TracingTarget } from '#shared/telemetry';
import type { TransportSettings } from '../../platform/open-transport.ts';

/** What a lane's process is told in its first message. Secrets travel here, never in arguments or environment. */
export interface LaneSettings {
  readonly lane: string;
  /** The installation that it belongs to: its data folder. */
  readonly home: string;
  readonly databaseUrl: string;
  readonly transport: TransportSettings;
  readonly artifacts: StoreSettings;
  readonly ports: PortSettings;
  readonly workRoot: string;
  /** With the store of files, where each host keeps, in a folder of its own, objects that are not whole yet. */
  readonly incomingRoot: string;
  readonly logLevel: LogLevel;
  readonly tracing: TracingTarget | undefined;
}

/** From the supervisor to a lane. */
export type ToLane =
  | { readonly kind: 'settings'; readonly settings: LaneSettings }
  | { readonly kind: 'drain' };

/** From a lane to its supervisor. */
export type FromLane =
  | { readonly kind: 'ready'; readonly host: string; readonly port: number }
  /** It had no work for a while; the supervisor may let it end. */
  | { readonly kind: 'idle' };
