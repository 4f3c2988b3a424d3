import type { EventType } from '#shared/events';

/** Where functions of one kind run, and within which limits. */
export interface Profile {
  readonly run: 'service' | 'job';
  /** Kubernetes quantity: `100m`, `2`. */
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly diskBytes: number | undefined;
  readonly gpu: number;
  readonly timeoutMs: number;
  /** Reported failures after which a delivery is dead. */
  readonly attempts: number;
  /** Deliveries that one host works on at a time. */
  readonly concurrency: number;
  readonly scale: { readonly min: number; readonly max: number };
}

/** Fires once for a run (`each` absent), or once for each part. */
export interface AllTrigger {
  readonly kind: 'all';
  readonly types: readonly EventType[];
  readonly each: string | undefined;
}

/** Fires once, when every part that `of` promised has come. */
export interface EachOfTrigger {
  readonly kind: 'each-of';
  readonly type: EventType;
  readonly of: EventType;
}

export type JoinTrigger = AllTrigger | EachOfTrigger;

export type Trigger =
  | { readonly kind: 'event'; readonly type: EventType }
  | { readonly kind: 'schedule'; readonly cron: string }
  | JoinTrigger;

export interface TopologyFunction {
  /** Leaf name, unique: `render-tts`. */
  readonly name: string;
  readonly area: string;
  readonly profile: string;
  readonly triggers: readonly Trigger[];
  /** The command that it answers within the request, in place of triggers: `user.follow`. */
  readonly command?: string | undefined;
  readonly emits: readonly EventType[];
  /** Artifact name to the event that its commit publishes. */
  readonly puts: Readonly<Record<string, EventType>>;
  /** The key whose parts each commit promises. */
  readonly promises: string | undefined;
}

export interface Flow {
  readonly title: string;
  readonly starts: EventType;
  readonly completed: EventType;
  readonly failed: EventType;
}

export interface Topology {
  /** CloudEvents `source` of every event that the platform emits. */
  readonly source: string;
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly flows: Readonly<Record<string, Flow>>;
  readonly functions: readonly TopologyFunction[];
}

/** The event types that make a trigger fire. */
export function triggerTypes(trigger: Trigger): readonly EventType[] {
  switch (trigger.kind) {
    case 'event':
      return [trigger.type];
    case 'schedule':
      return [];
    case 'all':
      return trigger.types;
    case 'each-of':
      return [trigger.type, trigger.of];
  }
}
