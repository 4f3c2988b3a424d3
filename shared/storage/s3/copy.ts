import { randomUUID } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type HeadObjectCommandOutput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from './client.ts';
import { type GuardedUpload, guardUpload } from './guard-upload.ts';
import { OWN_MARK, ownObject } from './put.ts';

/** Copies inside the store; no byte comes here. S3 copies up to 5 GiB in one request, more in parts. */
export async function copyObject(request: {
  bucket: Bucket;
  from: string;
  to: string;
  found: HeadObjectCommandOutput;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { bucket, from, to, found, signal } = request;
  const ending = signal === undefined ? {} : { abortSignal: signal };
  const CopySource = sourceOf(bucket.name, from);
  if ((found.ContentLength ?? 0) > bucket.limits.copyPartBytes) {
    await copyInParts({ bucket, CopySource, to, found, signal });
    return;
  }
  await bucket.client.send(new CopyObjectCommand({ Bucket: bucket.name, Key: to, CopySource }), ending);
}

async function copyInParts(request: {
  bucket: Bucket;
  CopySource: string;
  to: string;
  found: HeadObjectCommandOutput;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { bucket, signal } = request;
  // One part that fails ends the others, and nothing of them stays.
  const guarded = guardUpload({ client: bucket.client, signal, onFailure: () => undefined });
  try {
    await guarded.unlessCancelled(sendCopies(guarded.client, request));
    await guarded.completed();
  } catch (error) {
    await guarded.abort();
    throw guarded.failure() ?? error;
  }
}

async function sendCopies(
  client: GuardedUpload['client'],
  request: { bucket: Bucket; CopySource: string; to: string; found: HeadObjectCommandOutput },
): Promise<void> {
  const { bucket, CopySource, to, found } = request;
  const object = { Bucket: bucket.name, Key: to };
  // Its own mark, by which it is known again when the answer to its completion is lost.
  const Metadata = { ...found.Metadata, [OWN_MARK]: randomUUID() };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...object, ContentType: found.ContentType, Metadata }),
  );
  const parts = ranges(found.ContentLength ?? 0, bucket.limits.copyPartBytes);
  const done: CompletedPart[] = [];
  const worker = async (): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const { number: PartNumber, range: CopySourceRange } = part;
      const answer = await client.send(
        new UploadPartCopyCommand({
          ...object,
          UploadId,
          PartNumber,
          CopySource,
          CopySourceRange,
          // Replaced meanwhile: no mixture of two objects.
          CopySourceIfMatch: found.ETag,
        }),
      );
      done.push({ ...answer.CopyPartResult, PartNumber });
    }
  };
  await Promise.all(Array.from({ length: bucket.limits.partsAtOnce }, worker));
  done.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
  const Parts = done.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
  await client
    .send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }))
    .catch((error: unknown) => ownObject({ bucket, params: { ...object, Metadata }, error }));
}

function sourceOf(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function ranges(bytes: number, size: number): { number: number; range: string }[] {
  return Array.from({ length: Math.ceil(bytes / size) }, (_, index) => ({
    number: index + 1,
    range: `bytes=${index * size}-${Math.min((index + 1) * size, bytes) - 1}`,
  }));
}
