import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Transient } from '#shared/errors';
import { checkKey } from '../key.ts';
import type { DirectUploads, SentPart } from '../object-store.ts';
import type { Bucket } from './client.ts';
import { nameOf, storeFailure } from './failures.ts';

/** S3 signs for a week at most. */
const LONGEST_SECONDS = 7 * 86_400;

/** Presigned requests, which bind what the client may send: key, media type, size, checksum. */
export function directUploads({ bucket, signing }: { bucket: Bucket; signing: S3Client }): DirectUploads {
  const { client, name: Bucket } = bucket;

  async function told<Answer>(key: string, work: () => Promise<Answer>): Promise<Answer> {
    checkKey(key);
    try {
      return await work();
    } catch (error) {
      throw storeFailure({ error, bucket, key });
    }
  }

  return {
    signPut: ({ key, type, bytes, sha256, expiresAt }) =>
      told(key, async () => {
        const checksum = sha256 === undefined ? undefined : Buffer.from(sha256, 'hex').toString('base64');
        const command = new PutObjectCommand({
          Bucket,
          Key: key,
          ContentType: type,
          ContentLength: bytes,
          ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
        });
        const url = await getSignedUrl(signing, command, {
          expiresIn: secondsUntil(expiresAt),
          // As headers they are part of the signature: another type, size or checksum is refused.
          signableHeaders: new Set(['host', 'content-type', 'content-length', CHECKSUM_HEADER]),
          unhoistableHeaders: new Set([CHECKSUM_HEADER]),
        });
        return {
          url,
          headers: {
            'Content-Type': type,
            ...(checksum === undefined ? {} : { [CHECKSUM_HEADER]: checksum }),
          },
        };
      }),

    begin: ({ key, type }) =>
      told(key, async () => {
        const { UploadId } = await client.send(
          new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType: type }),
        );
        if (UploadId === undefined)
          throw new Transient('storage-failed', 'S3 began an upload without an id.');
        return UploadId;
      }),

    signPart: ({ key, upload, number, bytes, expiresAt }) =>
      told(key, () =>
        getSignedUrl(
          signing,
          new UploadPartCommand({
            Bucket,
            Key: key,
            UploadId: upload,
            PartNumber: number,
            ContentLength: bytes,
          }),
          { expiresIn: secondsUntil(expiresAt), signableHeaders: new Set(['host', 'content-length']) },
        ),
      ),

    parts: ({ key, upload }) =>
      told(key, async () => {
        try {
          return await listParts({ client, Bucket, key, upload });
        } catch (error) {
          if (nameOf(error) === 'NoSuchUpload') return undefined;
          throw error;
        }
      }),

    complete: ({ key, upload, parts }) =>
      told(key, async () => {
        const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
        try {
          await client.send(
            new CompleteMultipartUploadCommand({
              Bucket,
              Key: key,
              UploadId: upload,
              MultipartUpload: { Parts },
            }),
          );
        } catch (error) {
          // Another one completed it, or the first answer was lost.
          if (nameOf(error) !== 'NoSuchUpload') throw error;
          await client.send(new HeadObjectCommand({ Bucket, Key: key })).catch(() => {
            throw error;
          });
        }
      }),

    abort: ({ key, upload }) =>
      told(key, async () => {
        try {
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: upload }));
        } catch (error) {
          if (nameOf(error) !== 'NoSuchUpload') throw error;
        }
      }),
  };
}

const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

function secondsUntil(time: Date): number {
  return Math.min(Math.max(Math.ceil((time.getTime() - Date.now()) / 1_000), 1), LONGEST_SECONDS);
}

async function listParts(request: {
  client: S3Client;
  Bucket: string;
  key: string;
  upload: string;
}): Promise<readonly SentPart[]> {
  const { client, Bucket, key: Key, upload: UploadId } = request;
  const found: SentPart[] = [];
  for (let PartNumberMarker: string | undefined; ; ) {
    const page = await client.send(
      new ListPartsCommand({
        Bucket,
        Key,
        UploadId,
        ...(PartNumberMarker === undefined ? {} : { PartNumberMarker }),
      }),
    );
    for (const { PartNumber: number = 0, Size: bytes = 0, ETag: etag = '' } of page.Parts ?? []) {
      found.push({ number, bytes, etag });
    }
    if (page.IsTruncated !== true || page.NextPartNumberMarker === undefined) return found;
    PartNumberMarker = String(page.NextPartNumberMarker);
  }
}
