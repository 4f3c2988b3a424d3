import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { isKey } from '../key.ts';
import { mediaTypeOf } from '../media-type.ts';
import type { ObjectInfo, ObjectPage } from '../object-store.ts';
import type { Bucket } from './client.ts';

/** One page. Keys that no driver can hold (`a//b`, which another client put there) are no objects. */
export async function listObjects(request: {
  bucket: Bucket;
  prefix: string;
  after: string | undefined;
  limit: number;
}): Promise<ObjectPage> {
  const { bucket, prefix, limit } = request;
  const objects: ObjectInfo[] = [];
  for (let after = request.after; ; ) {
    const page = await bucket.client.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        ...(after === undefined || after === '' ? {} : { StartAfter: after }),
        // One more, which tells whether there is a next page.
        MaxKeys: Math.min(limit - objects.length + 1, 1_000),
        // XML cannot hold every character that a key may.
        EncodingType: 'url',
      }),
    );
    const found = (page.Contents ?? []).map((entry) => ({ entry, key: decode(entry.Key ?? '', page) }));
    for (const { entry, key } of found) {
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
    after = found.at(-1)?.key;
    if (page.IsTruncated !== true || after === undefined) return { objects };
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
