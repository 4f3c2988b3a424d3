import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './client.ts';
import { statusOf } from './failures.ts';

/** Aborts uploads that were begun within a time and neither completed nor aborted; answers how many. */
export async function removeUploads(request: {
  bucket: Pick<Bucket, 'client' | 'name'>;
  /** Of this key only. */
  key?: string;
  /** But this one. */
  except?: string | undefined;
  /** Begun at this time or later; milliseconds of the epoch. */
  since: number | undefined;
  /** Begun before this time. */
  until: number | undefined;
  /** `count`: only answers how many there are. */
  mode?: 'remove' | 'count';
}): Promise<number> {
  const { bucket, key, except, since = 0, until = Number.POSITIVE_INFINITY, mode = 'remove' } = request;
  const { client, name: Bucket } = bucket;
  let removed = 0;
  for (let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}; ; ) {
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket, ...(key === undefined ? {} : { Prefix: key }), ...from }),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      const begun = Initiated?.getTime() ?? 0;
      if ((key !== undefined && Key !== key) || UploadId === except) continue;
      if (begun < since || begun >= until) continue;
      removed += 1;
      if (mode === 'count') continue;
      await client
        .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
        .catch((error: unknown) => {
          if (statusOf(error) !== 404) throw error;
        });
    }
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return removed;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
