import { deadLetterName, inboundQueueName, wakeQueueName } from '#shared/queue';
import type { Topology } from '#shared/topology';

/** All that must stand in S3 and SQS before the platform can start. Pure: the same page, the same plan. */
export interface Plan {
  readonly queues: readonly PlannedQueue[];
  readonly buckets: readonly PlannedBucket[];
}

export interface PlannedQueue {
  readonly name: string;
  readonly about: string;
  /** In SQS's words; seconds. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The bucket whose notifications it takes; its policy allows that and nothing else. */
  readonly takesFrom?: string;
}

export interface PlannedBucket {
  readonly name: string;
  readonly about: string;
  /** Where its notifications go; a bucket has one notification and one queue. */
  readonly notifies?: string;
  /** Pages of these origins may put and read by signed URLs. */
  readonly corsOrigins: readonly string[];
  readonly lifecycle: readonly LifecycleRule[];
}

export interface LifecycleRule {
  readonly id: string;
  readonly prefix: string;
  readonly abortUploadsAfterDays?: number;
  readonly expireAfterDays?: number;
}

const DAY = 86_400;
/** What a killed process had received is visible again after so long. */
const WAKE_VISIBILITY_SECONDS = 5;
/** The scheduler sends one a second while there is due work: older ones say nothing new. */
const WAKE_RETENTION_SECONDS = 300;
/** Reading an object and publishing its event takes less. */
const INBOUND_VISIBILITY_SECONDS = 60;
/** The longest that SQS keeps. */
const LONGEST_SECONDS = 14 * DAY;

const abortUploads: LifecycleRule = { id: 'unfinished-uploads', prefix: '', abortUploadsAfterDays: 1 };
/** Direct uploads expire by the sweep after an hour, completed media after seven days; this is the net below. */
const expireStaged: LifecycleRule = { id: 'staged-uploads', prefix: '.uploads/', expireAfterDays: 8 };

export function createPlan(options: {
  topology: Topology;
  prefix: string;
  /** Real names: of `inbox` and of the artifacts. */
  buckets: { readonly inbox: string; readonly artifacts: string };
  corsOrigins: readonly string[];
}): Plan {
  const { topology, prefix, buckets, corsOrigins } = options;
  const lanes = Object.keys(topology.profiles);
  const wakes = lanes.map((lane) => ({
    name: wakeQueueName(prefix, lane),
    about: `wake-ups of the lane ${lane}`,
    attributes: {
      VisibilityTimeout: String(WAKE_VISIBILITY_SECONDS),
      MessageRetentionPeriod: String(WAKE_RETENTION_SECONDS),
      // A wake-up has some 150 bytes.
      MaximumMessageSize: '16384',
    },
  }));
  const inbound = Object.keys(topology.buckets ?? {}).map((bucket) => ({
    name: inboundQueueName(prefix, bucket),
    about: `notifications of the bucket ${bucket}`,
    attributes: {
      VisibilityTimeout: String(INBOUND_VISIBILITY_SECONDS),
      MessageRetentionPeriod: String(LONGEST_SECONDS),
    },
    takesFrom: bucketName(bucket, buckets),
  }));
  const dead = [...wakes, ...inbound].map(({ name }) => ({
    name: deadLetterName(name),
    about: `what could not be read of ${name}`,
    attributes: { MessageRetentionPeriod: String(LONGEST_SECONDS) },
  }));
  return {
    queues: [...wakes, ...inbound, ...dead],
    buckets: [
      ...Object.keys(topology.buckets ?? {}).map((bucket) => ({
        name: bucketName(bucket, buckets),
        about: 'what comes from outside',
        notifies: inboundQueueName(prefix, bucket),
        corsOrigins,
        lifecycle: [abortUploads, expireStaged],
      })),
      {
        name: buckets.artifacts,
        about: 'what the functions make',
        corsOrigins,
        lifecycle: [abortUploads],
      },
    ],
  };
}

/** A bucket of `events.yaml` other than the inbox is called after it. */
function bucketName(bucket: string, { inbox }: { inbox: string }): string {
  return bucket === 'inbox' ? inbox : `${inbox}-${bucket}`;
}
