import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
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
  abortUploads(): Promise<void>;
  /** The first thousand. */
  keys(): Promise<readonly string[]>;
  put(key: string, bytes: Uint8Array): Promise<void>;
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
    async abortUploads() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: name }));
      for (const { Key, UploadId } of Uploads) {
        await client.send(new AbortMultipartUploadCommand({ Bucket: name, Key, UploadId }));
      }
    },
    async keys() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
      return Contents.map(({ Key }) => Key ?? '');
    },
    async put(Key, Body) {
      await client.send(new PutObjectCommand({ Bucket: name, Key, Body }));
    },
    async drop() {
      for (;;) {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
        if (Contents.length === 0) break;
        // One by one: the XML of a request for many cannot hold every key.
        await Promise.all(
          Contents.map(({ Key }) => client.send(new DeleteObjectCommand({ Bucket: name, Key }))),
        );
      }
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}
