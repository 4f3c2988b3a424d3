import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { reach } from '#shared/faults';
import { notFound } from '../failures.ts';
import { checkKey, checkPrefix, checkWholePrefix } from '../key.ts';
import { mediaTypeOf } from '../media-type.ts';
import { type Bucket, openBucket, openSigningClient } from './client.ts';
import { copyObject } from './copy.ts';
import { directUploads } from './direct.ts';
import { statusOf, storeFailure } from './failures.ts';
import { listObjects } from './list.ts';
import type { S3StoreOptions } from './options.ts';
import { OWN_MARK, putObject } from './put.ts';
import { openObject } from './read.ts';
import { removeUnder } from './remove.ts';
import { removeUploads } from './remove-uploads.ts';
import type { S3Store } from './s3-store.ts';

/** The driver itself; {@link createS3Store} loads it. */
export function openS3Store(options: S3StoreOptions): S3Store {
  const bucket = openBucket(options);
  const signing = openSigningClient(options);
  const seen = { bucket: false };

  return {
    direct: directUploads({ bucket, signing }),

    async put(key, body, settings = {}) {
      try {
        checkKey(key);
        return await told({ bucket, key, signal: settings.signal }, () =>
          putObject({ bucket, key, body, options: settings }),
        );
      } finally {
        if (body instanceof Readable) body.destroy();
      }
    },

    async get(key, { range, etag, signal } = {}) {
      checkKey(key);
      return await openObject({ bucket, key, range, etag, signal });
    },

    async head(key) {
      checkKey(key);
      const found = await told({ bucket, key }, () => headObject({ bucket, key, seen }));
      if (found === undefined) return undefined;
      const { [OWN_MARK]: _ours, ...metadata } = found.Metadata ?? {};
      return {
        key,
        bytes: found.ContentLength ?? 0,
        type: found.ContentType ?? mediaTypeOf(key),
        modifiedAt: found.LastModified ?? new Date(0),
        metadata,
        ...(found.ETag === undefined ? {} : { etag: found.ETag }),
        ...(found.VersionId === undefined ? {} : { version: found.VersionId }),
      };
    },

    async list(prefix, { after, limit = 1_000 } = {}) {
      checkPrefix(prefix);
      const size = Math.min(Math.max(Math.trunc(limit), 1), 1_000);
      return await told({ bucket, key: prefix }, () => listObjects({ bucket, prefix, after, limit: size }));
    },

    async copy(from, to, { signal } = {}) {
      checkKey(from);
      checkKey(to);
      await told({ bucket, key: to, signal }, async () => {
        const found = await headObject({ bucket, key: from, seen, signal });
        if (found === undefined) throw notFound(from);
        // S3 refuses to copy an object onto itself.
        if (from !== to) await copyObject({ bucket, from, to, found, signal });
      });
    },

    async remove(key) {
      checkKey(key);
      await reach('store.removing');
      await told({ bucket, key }, () =>
        bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key })),
      );
    },

    async removeUnder(prefix) {
      checkWholePrefix(prefix);
      return await told({ bucket, key: prefix }, () => removeUnder({ bucket, prefix }));
    },

    removeUnfinished: ({ olderThanMs, ...how }) =>
      told({ bucket, key: '' }, () =>
        removeUploads({ bucket, since: undefined, until: Date.now() - olderThanMs, ...how }),
      ),

    close() {
      bucket.client.destroy();
      signing.destroy();
    },
  };
}

async function told<Answer>(
  about: { bucket: Bucket; key: string; signal?: AbortSignal | undefined },
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure({ ...about, error });
  }
}

/** HEAD has no body: 404 means a missing object only where the bucket was seen once. */
async function headObject(request: {
  bucket: Bucket;
  key: string;
  seen: { bucket: boolean };
  signal?: AbortSignal | undefined;
}): Promise<HeadObjectCommandOutput | undefined> {
  const { bucket, key, seen, signal } = request;
  try {
    const command = new HeadObjectCommand({ Bucket: bucket.name, Key: key });
    const found = await bucket.client.send(command, signal === undefined ? {} : { abortSignal: signal });
    seen.bucket = true;
    return found;
  } catch (error) {
    if (statusOf(error) === 400) await askFirstByte({ bucket, key });
    if (statusOf(error) !== 404) throw error;
    if (!seen.bucket) await headBucket(bucket);
    seen.bucket = true;
    return undefined;
  }
}

/** HEAD has no body that says what the store has against the object: reading it fails with one. */
async function askFirstByte({ bucket, key }: { bucket: Bucket; key: string }): Promise<void> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, Range: 'bytes=0-0' });
  const { Body: body } = await bucket.client.send(command);
  if (body instanceof Readable) body.destroy();
}

async function headBucket({ client, name }: Bucket): Promise<void> {
  await client.send(new HeadBucketCommand({ Bucket: name })).catch((error: unknown) => {
    if (statusOf(error) !== 404) throw error;
    throw Object.assign(new Error('The bucket does not exist.', { cause: error }), { name: 'NoSuchBucket' });
  });
}
