import type { PublishRequest } from '#shared/ledger';
import type { PlaceSettings } from './place.ts';

/** Finished runs go after so many days. */
export const keepRunsDays = 30;
export const leftoverDays = 7;
export const sweepPagesPerMinute = 6;

/** What a process of the platform under test is. */
export interface RoleSettings {
  readonly role: 'worker' | 'scheduler' | 'ingress';
  readonly databaseUrl: string;
  readonly objects: string;
  readonly work: string;
  readonly inbox: string;
  /** In place of the folders and of Postgres. */
  readonly place?: PlaceSettings;
  /** Of which version of the topology a worker is. */
  readonly version?: 'old' | 'new';
  /** Probability with which a wake-up is dropped, and the seed of that. */
  readonly dropWakeUps?: { readonly share: number; readonly seed: string };
}

/** What the ingress is asked for. */
export type Order =
  | { readonly kind: 'publish'; readonly request: PublishRequest }
  | { readonly kind: 'cancel'; readonly run: string }
  | { readonly kind: 'retry'; readonly run: string; readonly function: string }
  | { readonly kind: 'retry delivery'; readonly run: string }
  | { readonly kind: 'retry many'; readonly owner: string }
  | { readonly kind: 'replay'; readonly run: string; readonly from: string; readonly key: string }
  | { readonly kind: 'command'; readonly key: string }
  | { readonly kind: 'pause' | 'resume'; readonly name: string }
  | { readonly kind: 'deploy' }
  | { readonly kind: 'remove'; readonly run: string }
  | { readonly kind: 'open upload'; readonly account: string; readonly name: string }
  | { readonly kind: 'upload'; readonly id: string; readonly account: string; readonly text: string }
  /** Asks for it, and begins with it. */
  | { readonly kind: 'erase'; readonly account: string };

export type ToRole =
  | { readonly kind: 'settings'; readonly settings: RoleSettings }
  | { readonly kind: 'order'; readonly id: number; readonly order: Order }
  | { readonly kind: 'drain' };

export type FromRole =
  | { readonly kind: 'ready'; readonly host?: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer?: unknown; readonly error?: string };
