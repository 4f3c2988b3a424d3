import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  type CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { nameOf, statusOf } from './failures.ts';

/** A cancel may wait so long for the parts' removal, which goes on behind it; milliseconds. */
const patienceMs = 700;
const aborts = 5;

export interface GuardedUpload {
  /** What `Upload` of the SDK sends through. */
  readonly client: Pick<S3Client, 'send' | 'config'>;
  /** Rejects with a cancel at once, whatever hangs. */
  unlessCancelled<Answer>(work: Promise<Answer>): Promise<Answer>;
  /** The first request that failed: the others were ended because of it. */
  failure(): unknown;
  /** Ends what is on its way and removes the parts. A cancel does not wait long for a server that hangs. */
  abort(): Promise<void>;
}

/**
 * The SDK's `Upload` lets parts on their way run on after a failure or a cancel, and knows nothing of an upload
 * whose beginning was answered too late. Seen from here, one failure ends them all, and the id is never missed.
 */
export function guardUpload(request: {
  client: S3Client;
  signal: AbortSignal | undefined;
  /** Told with the first failure: the bytes need not come any more. */
  onFailure: () => void;
}): GuardedUpload {
  const { client, signal, onFailure } = request;
  const ending = new AbortController();
  const signals = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  let begun: Promise<CreateMultipartUploadCommandOutput> | undefined;
  let where: { Bucket: string | undefined; Key: string | undefined } | undefined;
  let first: { error: unknown } | undefined;
  const onTheirWay = new Set<Promise<unknown>>();

  async function send(command: Parameters<S3Client['send']>[0]): Promise<unknown> {
    signals.throwIfAborted();
    if (command instanceof CreateMultipartUploadCommand) {
      where = { Bucket: command.input.Bucket, Key: command.input.Key };
      // Not ended half-way: an upload whose id nobody heard could not be removed.
      begun = client.send(command);
      return await begun;
    }
    const sent = client.send(command as CompleteMultipartUploadCommand, { abortSignal: signals });
    onTheirWay.add(sent);
    try {
      return await sent;
    } catch (error) {
      first ??= { error };
      ending.abort();
      onFailure();
      throw error;
    } finally {
      onTheirWay.delete(sent);
    }
  }

  async function remove(): Promise<void> {
    const { UploadId } = (await begun?.catch(() => undefined)) ?? {};
    if (UploadId === undefined || where === undefined) return;
    await Promise.allSettled(onTheirWay);
    for (let attempt = 1; attempt <= aborts; attempt += 1) {
      try {
        await client.send(new AbortMultipartUploadCommand({ ...where, UploadId }));
        return;
      } catch (error) {
        if (nameOf(error) === 'NoSuchUpload' || statusOf(error) === 404) return;
        // What is left then goes with the bucket's lifecycle rule, and with the sweep.
        await setTimeout(attempt * 1_000, undefined, { ref: false });
      }
    }
  }

  return {
    client: { send: send as S3Client['send'], config: client.config },
    async unlessCancelled(work) {
      if (signal === undefined) return await work;
      const cancelled = Promise.withResolvers<never>();
      const cancel = (): void => cancelled.reject(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      work.catch(() => undefined);
      try {
        signal.throwIfAborted();
        return await Promise.race([work, cancelled.promise]);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    failure: () => first?.error,
    async abort() {
      ending.abort();
      const removed = remove();
      const isShort = signal?.aborted ?? false;
      await (isShort ? Promise.race([removed, setTimeout(patienceMs, undefined, { ref: false })]) : removed);
    },
  };
}
