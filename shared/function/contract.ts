import type { ArtifactRef, EventData, EventType } from '#shared/events';
import type { Transaction } from '#shared/ledger';
import type { Ports } from './ports.ts';

/** A published event as a handler reads it. */
export interface ReceivedEvent<Type extends EventType = EventType> {
  readonly id: string;
  readonly type: Type;
  /** The part it stands for (`scene-001`), when its type is keyed. */
  readonly key: string | undefined;
  readonly data: EventData<Type>;
}

/** What a delivery hands to `handle`. */
export interface FunctionInput<Consumes extends EventType> {
  readonly run: { readonly id: string; readonly owner: string; readonly title: string };
  /** `attempt` counts from 1. The id is the idempotency key of every outside effect. */
  readonly delivery: { readonly id: string; readonly attempt: number; readonly key: string | undefined };
  /** The one event of this type. @throws Permanent `event-missing` */
  one<Type extends Consumes>(type: Type): ReceivedEvent<Type>;
  /** All events of this type, in the order of their keys. */
  all<Type extends Consumes>(type: Type): readonly ReceivedEvent<Type>[];
}

/** An event to publish with the commit. */
export type Emit = {
  [Type in EventType]: { readonly type: Type; readonly key?: string; readonly data: EventData<Type> };
}[EventType];

/** An artifact to publish with the commit; `data` completes the payload of the event that `events.yaml` binds to its name. */
export interface Put {
  readonly artifact: ArtifactRef;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What `handle` returns. Nothing of it is visible before the commit. */
export interface Outcome {
  readonly emits?: readonly Emit[];
  readonly puts?: readonly Put[];
  /** For callers that wait; kept with the delivery. */
  readonly reply?: unknown;
  /**
   * Runs inside the commit's transaction: at most a second (after five it is broken off), nothing outside; may read,
   * lock and decide, and return further events and the reply. Runs again after a deadlock, so it must be free of other
   * effects.
   */
  readonly write?: (
    tx: Transaction,
  ) => Promise<{ readonly events?: readonly Emit[]; readonly reply?: unknown }>;
}

export interface Clock {
  now(): Date;
}

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
}

export interface FunctionLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What every function gets. */
interface AlwaysThere {
  /** Aborts on cancel, on the time limit and on shutdown. */
  readonly signal: AbortSignal;
  /** 0 to 1, and a few words for people. Cheap: calls are coalesced. */
  progress(fraction: number, message?: string): void;
  readonly log: FunctionLog;
  /**
   * Asks leave for a call of an outside provider (`uses` in events.yaml), `cost` of what its limit counts. Where the
   * limit does not allow it yet this throws, the delivery waits, and no attempt is counted.
   */
  provider(name: string, cost?: number): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  /** A private folder, removed when the delivery ends however it ends. */
  readonly workdir: string;
  /** Stores bytes aside (a path, or the bytes themselves); visible once named in `puts` and committed. */
  put(
    name: string,
    source: { readonly path: string } | { readonly bytes: Uint8Array | string },
  ): Promise<ArtifactRef>;
  /** A local path to read a committed artifact from; never write to it. Verified against its size. */
  fetch(artifact: ArtifactRef): Promise<string>;
  /** Places a committed artifact under a plain path for people (`output/…`); answers its key. */
  place(artifact: ArtifactRef, name: string): Promise<string>;
}

/** What `handle` gets beside its input: the fixed set, and the ports it names in `needs`. */
export type Dependencies<Needs extends keyof Ports> = AlwaysThere & Pick<Ports, Needs>;
