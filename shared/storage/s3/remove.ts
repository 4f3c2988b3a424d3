import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { Transient } from '#shared/errors';
import type { Bucket } from './client.ts';
import { listObjects } from './list.ts';

/** Removes all objects under a prefix, a thousand in a request; answers how many. */
export async function removeUnder(request: { bucket: Bucket; prefix: string }): Promise<number> {
  const { bucket, prefix } = request;
  let removed = 0;
  for (let after: string | undefined; ; ) {
    const { objects, next } = await listObjects({ bucket, prefix, after, limit: 1_000 });
    if (objects.length > 0) {
      const { Errors: errors = [] } = await bucket.client.send(
        new DeleteObjectsCommand({
          Bucket: bucket.name,
          Delete: { Objects: objects.map(({ key }) => ({ Key: key })), Quiet: true },
        }),
      );
      const failed = errors.find(({ Code }) => Code !== 'NoSuchKey');
      if (failed !== undefined) {
        throw new Transient(
          'storage-refused',
          `${bucket.place} did not remove "${failed.Key}": ${failed.Code} (${failed.Message}).`,
        );
      }
      removed += objects.length;
    }
    if (next === undefined) return removed;
    after = next;
  }
}
