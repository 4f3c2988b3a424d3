import { join } from 'node:path';
import type { Config } from '#shared/config';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';

/** The store of what runs make. The SDK of S3 is loaded only where objects are there. */
export async function openArtifacts({ objects, s3, buckets, dataDir }: Config): Promise<ObjectStore> {
  if (objects === 'filesystem') return createFilesystemStore({ root: join(dataDir, 'objects', 'artifacts') });
  const { createS3Store } = await import('./s3-artifacts.ts');
  return createS3Store({ ...s3, bucket: buckets.artifacts });
}
