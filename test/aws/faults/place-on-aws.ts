import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createS3Store, type S3Store } from '#shared/storage';
import type { Place } from '../../faults/platform/place.ts';
import { objectsInBucket } from '../../faults/platform/stored-objects.ts';
import type { ServerFacts } from '../bucket.ts';
import { type Provisioned, provisionFor } from '../provisioned.ts';

/** Buckets and queues for a platform under test, as `npm run provision` makes them. */
export interface AwsPlace extends Place {
  readonly provisioned: Provisioned;
  readonly artifacts: S3Store;
}

export async function placeOnAws(server: ServerFacts): Promise<AwsPlace> {
  const provisioned = await provisionFor(server);
  const { endpoint, region, credentials } = server;
  const at = { endpoint, region, credentials };
  const settings = {
    artifacts: { driver: 's3', ...at, bucket: provisioned.artifacts },
    inbox: { driver: 's3', ...at, bucket: provisioned.inbox },
    queues: { connection: at, prefix: provisioned.prefix, lanes: ['light'] },
  } as const;
  const [artifacts, inbox] = await Promise.all([
    createS3Store(settings.artifacts),
    createS3Store(settings.inbox),
  ]);
  const stored = { artifacts: objectsInBucket(artifacts), inbox: objectsInBucket(inbox) };
  return {
    provisioned,
    artifacts,
    settings,
    stored: stored.artifacts,
    async drop(Key, Body) {
      await provisioned.s3.send(new PutObjectCommand({ Bucket: provisioned.inbox, Key, Body }));
    },
    async empty() {
      for (const key of await stored.artifacts.keys()) await artifacts.remove(key);
      for (const key of await stored.inbox.keys()) await inbox.remove(key);
    },
    close() {
      provisioned.close();
      artifacts.close();
      inbox.close();
    },
  };
}
