import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { isKey } from '../key.ts';
import { mediaTypeOf } from '../media-type.ts';
import type { ObjectInfo, ObjectPage } from '../object-store.ts';
import type { Bucket } from './client.ts';
import { statusOf } from './failures.ts';

/** A page costs no more requests than this, however many keys of others lie there that are no objects to us. */
const MOST_REQUESTS = 3;

/**
 * One page. Keys that no driver can hold (`a//b`, which another client put there) are no objects; where there are many, a
 * page holds fewer objects than it may, or none.
 */
export async function listObjects(request: {
  bucket: Bucket;
  prefix: string;
  after: string | undefined;
  limit: number;
}): Promise<ObjectPage> {
  const { bucket, prefix, after, limit } = request;
  const objects: ObjectInfo[] = [];
  let from: Pick<ListObjectsV2CommandInput, 'StartAfter' | 'ContinuationToken'> = after
    ? { StartAfter: after }
    : {};
  let seen: string | undefined;
  for (let requests = 1; ; requests += 1) {
    const page = await ask(bucket, {
      Bucket: bucket.name,
      Prefix: prefix,
      // One more, which tells whether there is a next page.
      MaxKeys: Math.min(limit - objects.length + 1, 1_000),
      ...from,
    });
    for (const entry of page.Contents ?? []) {
      const key = decode(entry.Key ?? '', page);
      // No database keeps a zero byte: a walk could not remember that it came so far.
      if (key !== '' && !key.includes('\0')) seen = key;
      if (!isKey(key) || !key.startsWith(prefix)) continue;
      const last = objects.at(-1);
      if (objects.length === limit && last !== undefined) return { objects, next: last.key };
      objects.push({
        key,
        bytes: entry.Size ?? 0,
        type: mediaTypeOf(key),
        modifiedAt: entry.LastModified ?? new Date(0),
        ...(entry.ETag === undefined ? {} : { etag: entry.ETag }),
      });
    }
    if (page.IsTruncated !== true || page.NextContinuationToken === undefined) return { objects };
    if (requests >= MOST_REQUESTS && seen !== undefined) return { objects, next: seen };
    from = { ContinuationToken: page.NextContinuationToken };
  }
}

/**
 * XML cannot hold every character that a key may. Only where an answer cannot be read are the keys asked for in the
 * encoding of URLs: LocalStack 4.14 then loses those behind a `StartAfter` that are not ASCII.
 */
async function ask(bucket: Bucket, input: ListObjectsV2CommandInput): Promise<ListObjectsV2CommandOutput> {
  try {
    return await bucket.client.send(new ListObjectsV2Command(input));
  } catch (error) {
    if (statusOf(error) !== 200) throw error;
    return await bucket.client.send(new ListObjectsV2Command({ ...input, EncodingType: 'url' }));
  }
}

/** Servers write a space as `+` or as `%20`, and a plus sign always as `%2B`. */
function decode(key: string, { EncodingType }: ListObjectsV2CommandOutput): string {
  if (EncodingType !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
