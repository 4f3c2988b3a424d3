import type { LogLevel } from '#shared/config';
import type { DropOwners } from '#shared/inbox';
import type { TracingTarget } from '#shared/telemetry';
import type { TransportSettings } from './open-transport.ts';
import type { Stores } from './stores.ts';

/** What a lane's process is told in its first message. Secrets travel here, never in arguments or environment. */
export interface LaneSettings {
  readonly lane: string;
  /** The installation that it belongs to: its data folder. */
  readonly home: string;
  readonly databaseUrl: string;
  readonly transport: TransportSettings;
  readonly stores: Stores;
  /** Whose dropped files are. */
  readonly drops: DropOwners;
  readonly workRoot: string;
  /** With the store of files, where each host keeps, in a folder of its own, objects that are not whole yet. */
  readonly incomingRoot: string;
  readonly ffmpegBin: string | undefined;
  /** What is removed when; `keepRunsDays` undefined: finished runs stay. */
  readonly retention: {
    readonly keepRunsDays: number | undefined;
    readonly leftoverDays: number;
    readonly sweepPagesPerMinute: number;
  };
  readonly logLevel: LogLevel;
  readonly tracing: TracingTarget | undefined;
  readonly languageModel:
    | { readonly provider: 'offline' }
    | {
        readonly provider: 'openai-compatible';
        readonly baseUrl: string;
        readonly apiKey: string;
        readonly model: string;
        readonly timeoutSeconds: number;
        readonly maxTokens: number;
      };
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
