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
  /** `owners`: they take turns, so that one with a thousand deliveries does not starve another with one. */
  readonly turns?: 'owners' | undefined;
  /** What only a cluster knows. */
  readonly cluster?: ClusterProfile | undefined;
}

/** A taint of nodes that pods do not mind. */
export interface Toleration {
  readonly key: string;
  readonly operator: 'Exists' | 'Equal';
  readonly value?: string | undefined;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** A profile's figures on Kubernetes; the limits stand in {@link Profile}. */
export interface ClusterProfile {
  readonly requests: { readonly cpu: string; readonly memoryBytes: number };
  /** Ephemeral storage: logs, the writable layer, /tmp. */
  readonly diskBytes: number;
  /** Size of /tmp. */
  readonly tmpBytes: number;
  /** Of a job, with pulling its image. */
  readonly activeDeadlineMs: number;
  /** Of a job; until then the same event starts no second one. */
  readonly ttlAfterFinishedMs: number;
  /** Of a service: the last pod stays for so long. */
  readonly podRetentionMs: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

/** Sessions that the database takes, all processes of an installation together. */
export interface SessionBudget {
  readonly connections: number;
  /** Of these, for the platform's own processes: ingress, streams, scheduler, adapter, migrations. */
  readonly platform: number;
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

/** Fires when its time has come. */
export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly cron: string;
  /** Time zone (IANA). */
  readonly zone: string;
  /** A function of the database; without its yes a tick is left out. */
  readonly when?: string;
}

export type Trigger = { readonly kind: 'event'; readonly type: EventType } | ScheduleTrigger | JoinTrigger;

export interface TopologyFunction {
  /** Leaf name, unique: `render-tts`. */
  readonly name: string;
  readonly area: string;
  readonly profile: string;
  readonly triggers: readonly Trigger[];
  /** The command that it answers within the request, in place of triggers: `user.follow`. */
  readonly command?: string | undefined;
  /** Outside providers that it calls; each has its limit and its brake. */
  readonly uses?: readonly string[];
  /** `outside`: it does what no transaction can undo, so a replay keeps what it did unless told otherwise. */
  readonly acts?: 'outside' | undefined;
  readonly emits: readonly EventType[];
  /** Artifact name to the event that its commit publishes. */
  readonly puts: Readonly<Record<string, EventType>>;
  /** The key whose parts each commit promises. */
  readonly promises: string | undefined;
}

export interface Flow {
  readonly title: string;
  /** Its first events, all together. */
  readonly starts: readonly EventType[];
  readonly completed: EventType;
  readonly failed: EventType;
  /** It holds these functions alone; left out: whatever its events reach. */
  readonly functions?: readonly string[] | undefined;
}

/** So many calls in so long, by all processes together. */
export interface ProviderLimit {
  readonly calls: number;
  readonly perMs: number;
}

export interface Topology {
  /** CloudEvents `source` of every event that the platform emits. */
  readonly source: string;
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly flows: Readonly<Record<string, Flow>>;
  /** Those that events wake. */
  readonly functions: readonly TopologyFunction[];
  /** Those that answer a command within the request; the front door hosts them. */
  readonly commands?: readonly TopologyFunction[] | undefined;
  /** Of each bucket: key template (`scripts/{owner}/{name}.md`) to the event that an upload there is. */
  readonly buckets?: Readonly<Record<string, Readonly<Record<string, EventType>>>>;
  /** By provider. */
  readonly limits?: Readonly<Record<string, ProviderLimit>>;
  readonly database?: SessionBudget | undefined;
}

/** Every type that a function can publish. */
export function producedBy(fn: TopologyFunction): readonly EventType[] {
  return [...fn.emits, ...Object.values(fn.puts)];
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
