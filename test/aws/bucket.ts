import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { AwsServer } from './servers/aws-server.ts';

export type ServerFacts = Pick<AwsServer, 'endpoint' | 'region' | 'credentials'>;

/** A fresh bucket, and the bare SDK beside our driver. */
export interface TestBucket {
  readonly name: string;
  readonly client: S3Client;
  /** Uploads that were begun and neither completed nor aborted. */
  openUploads(): Promise<readonly string[]>;
  drop(): Promise<void>;
}

export function bareClient({ endpoint, region, credentials }: ServerFacts): S3Client {
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
}

export async function createTestBucket(server: ServerFacts): Promise<TestBucket> {
  const client = bareClient(server);
  const name = `test-${randomBytes(6).toString('hex')}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return {
    name,
    client,
    async openUploads() {
      const found = await client.send(new ListMultipartUploadsCommand({ Bucket: name }));
      return (found.Uploads ?? []).map(({ Key }) => Key ?? '');
    },
    async drop() {
      for (;;) {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
        if (Contents.length === 0) break;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        await client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }));
      }
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}
