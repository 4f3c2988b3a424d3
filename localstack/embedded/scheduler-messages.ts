import type { TransportSettings } from '../../platform/open-transport.ts';

/** What the scheduler's thread is started with. */
export interface SchedulerThreadData {
  readonly url: string;
  readonly source: string;
  readonly transport: TransportSettings;
  readonly lanes: readonly string[];
}

/** From the platform to its scheduler. */
export type ToScheduler = { readonly kind: 'stop' } | { readonly kind: 'metrics'; readonly number: number };

/** From the scheduler to its platform. */
export type FromScheduler =
  | { readonly kind: 'log'; readonly line: string }
  /** The text exposition that was asked for under this number. */
  | { readonly kind: 'metrics'; readonly number: number; readonly text: string };
