import type { Failure } from '#shared/errors';
import type { EventType } from '#shared/events';

export type RunState = 'running' | 'completed' | 'failed' | 'cancelled';
export type DeliveryState = 'due' | 'leased' | 'later' | 'done' | 'dead' | 'cancelled';

/** Why a run failed. */
export interface RunFailure {
  readonly dead: readonly {
    readonly delivery: string;
    readonly function: string;
    readonly key?: string;
    readonly code: string;
    readonly message: string;
  }[];
  readonly missing: readonly { readonly function: string; readonly parts: readonly string[] }[];
}

/** A flow with an owner, as readers see it. */
export interface RunView {
  readonly id: string;
  readonly flow: string;
  readonly owner: string;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: RunState;
  readonly createdAt: Date;
  readonly settledAt?: Date;
  /** Payload of its first event. */
  readonly input: unknown;
  readonly failure?: RunFailure;
}

/** Why work stands still that could be claimed. */
export interface Brake {
  /** The function, or the provider that it uses. */
  readonly name: string;
  readonly since: string;
  readonly by: string;
  readonly reason: string;
}

/** One event for one function. */
export interface DeliveryView {
  readonly id: string;
  readonly run: string;
  readonly function: string;
  /** The part it works on. */
  readonly key?: string;
  readonly state: DeliveryState;
  /** Failures that were reported. */
  readonly attempts: number;
  /** Hosts that died while working on it. */
  readonly lost: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly message?: string;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  /** When it will be tried again (state `later`). */
  readonly dueAt?: Date;
  /** Of its last attempt, or what it waits for. */
  readonly error?: Failure;
  /** Times that a provider's limit put it off; those are no attempts. */
  readonly postponed?: number;
  /** The brake behind which it waits (state `due` or `later`). */
  readonly paused?: Brake;
  readonly usage: Readonly<Record<string, number>>;
}

/** An object that a delivery committed. */
export interface ArtifactView {
  readonly name: string;
  readonly delivery: string;
  readonly function: string;
  readonly part?: string;
  /** Key in the artifacts bucket. */
  readonly key: string;
  readonly bytes: number;
  readonly type: string;
  readonly sha256: string;
  readonly createdAt: Date;
}

/** An event to publish. */
export interface NewEvent {
  readonly type: EventType;
  readonly key?: string | undefined;
  readonly data: unknown;
}

/** A delivery that a host has claimed. Only who knows `fence` and `host` may end it. */
export interface Claim {
  readonly id: string;
  readonly run: string;
  readonly title: string;
  readonly owner: string;
  readonly function: string;
  readonly key: string | null;
  readonly attempts: number;
  readonly lost: number;
  readonly fence: string;
  readonly host: string;
  readonly timeoutMs: number;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly key: string | null;
    readonly data: unknown;
    readonly traceparent: string | null;
  }[];
}
