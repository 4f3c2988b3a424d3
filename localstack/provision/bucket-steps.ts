import {
  type CORSRule,
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  type LifecycleRule,
  type NotificationConfiguration,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PlannedBucket } from './plan.ts';
import { isSame, type Step } from './step.ts';

/** What is said of a bucket that is not there, or that has none of it. */
const NO_SUCH = /NoSuchBucket|NotFound|NoSuchCORSConfiguration|NoSuchLifecycleConfiguration/;
/** Servers that lack a part of S3: Garage has no notifications, MinIO no CORS of single buckets. */
const NOT_OFFERED = /NotImplemented|MethodNotAllowed|MalformedXML|XNotImplemented/;

interface Parts {
  readonly s3: S3Client;
  readonly bucket: PlannedBucket;
  /** Asked when it is applied: the queue may not be there before; absent where the server has no queues. */
  readonly queueArn?: ((name: string) => Promise<string | undefined>) | undefined;
}

/** A bucket, its CORS, its lifecycle and its one notification, each against the plan. */
export async function bucketSteps(parts: Parts): Promise<readonly Step[]> {
  const { s3, bucket } = parts;
  return [
    await itself(s3, bucket),
    await cors(parts),
    await lifecycle(parts),
    ...(await notification(parts)),
  ];
}

async function itself(s3: S3Client, { name, about }: PlannedBucket): Promise<Step> {
  const what = `bucket ${name}`;
  const isThere = await found(() => s3.send(new HeadBucketCommand({ Bucket: name })));
  if (isThere !== undefined) return { what, state: 'keep', detail: about };
  return {
    what,
    state: 'create',
    detail: about,
    async apply() {
      const region = await s3.config.region();
      // S3's oldest region must not be named.
      const where =
        region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } };
      await s3.send(new CreateBucketCommand({ Bucket: name, ...where }));
    },
  };
}

async function cors({ s3, bucket }: Parts): Promise<Step> {
  const Bucket = bucket.name;
  const CORSRules: CORSRule[] = [
    {
      ID: 'direct-uploads',
      AllowedOrigins: [...bucket.corsOrigins],
      AllowedMethods: ['PUT', 'GET', 'HEAD'],
      AllowedHeaders: ['*'],
      ExposeHeaders: ['ETag', 'x-amz-checksum-sha256', 'x-amz-checksum-crc32'],
      MaxAgeSeconds: 3_600,
    },
  ];
  return await setting({
    what: `bucket ${Bucket}: CORS`,
    detail: `signed URLs work on pages of ${bucket.corsOrigins.join(', ')}`,
    read: async () => (await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules,
    wanted: CORSRules,
    write: () => s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })),
  });
}

async function lifecycle({ s3, bucket }: Parts): Promise<Step> {
  const Bucket = bucket.name;
  const Rules = bucket.lifecycle.map(
    ({ id, prefix, abortUploadsAfterDays, expireAfterDays }): LifecycleRule => ({
      ID: id,
      Status: 'Enabled',
      Filter: { Prefix: prefix },
      ...(abortUploadsAfterDays === undefined
        ? {}
        : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsAfterDays } }),
      ...(expireAfterDays === undefined ? {} : { Expiration: { Days: expireAfterDays } }),
    }),
  );
  return await setting({
    what: `bucket ${Bucket}: lifecycle`,
    detail: bucket.lifecycle.map(({ id }) => id).join(', '),
    read: async () => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
    wanted: Rules,
    write: () =>
      s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
  });
}

async function notification({ s3, bucket, queueArn }: Parts): Promise<readonly Step[]> {
  const Bucket = bucket.name;
  const { notifies } = bucket;
  if (notifies === undefined) return [];
  if (queueArn === undefined) {
    return [{ what: `bucket ${Bucket}: notification`, state: 'cannot', detail: 'there are no queues' }];
  }
  const wanted = async (): Promise<QueueConfiguration> => ({
    Id: 'inbound',
    QueueArn: (await queueArn(notifies)) ?? `(the queue ${notifies})`,
    Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
  });
  const first = await wanted();
  const isOurs = ({ Id, QueueArn }: QueueConfiguration) => Id === first.Id || QueueArn === first.QueueArn;
  const step = await setting({
    what: `bucket ${Bucket}: notification`,
    detail: `to the queue ${notifies}`,
    read: async () => {
      const { QueueConfigurations } = await notifications(s3, Bucket);
      const ours = QueueConfigurations?.filter(isOurs) ?? [];
      return ours.length === 0 ? undefined : ours;
    },
    wanted: [first],
    write: async () => {
      // What is written replaces all: where others are told goes along.
      const { QueueConfigurations = [], ...others } = await notifications(s3, Bucket);
      const queues = QueueConfigurations.filter((one) => !isOurs(one));
      const NotificationConfiguration = {
        ...others,
        QueueConfigurations: [...queues, await wanted()],
      };
      await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    },
  });
  return [step];
}

async function notifications(s3: S3Client, Bucket: string): Promise<NotificationConfiguration> {
  const { $metadata: _, ...found } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return found;
}

async function setting(options: {
  what: string;
  detail: string;
  read: () => Promise<unknown>;
  wanted: unknown;
  write: () => Promise<unknown>;
}): Promise<Step> {
  const { what, detail, read, wanted, write } = options;
  try {
    const there = await found(read);
    if (there !== undefined && isSame(there, wanted)) return { what, state: 'keep', detail };
    return {
      what,
      state: there === undefined ? 'create' : 'change',
      detail,
      async apply() {
        await write();
      },
    };
  } catch (error) {
    if (isUnable(error)) return { what, state: 'cannot', detail: 'this server has no such thing' };
    throw error;
  }
}

/** True for what a server says that lacks a part of S3. */
export function isUnable(error: unknown): boolean {
  return error instanceof Error && NOT_OFFERED.test(error.name);
}

async function found<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && NO_SUCH.test(error.name)) return undefined;
    throw error;
  }
}
