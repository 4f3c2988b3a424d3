import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  type CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { nameOf, statusOf } from './failures.ts';
import { removeUploads } from './remove-uploads.ts';

/** Who cancelled, and who is told of a failure, waits so long for the parts' removal, which goes on behind it. */
const patienceMs = { cancel: 700, failure: 4_000 };
const ABORTS = 5;
/** As far as the store's clock and ours may differ after the SDK's correction. */
const SKEW_MS = 60_000;

export interface GuardedUpload {
  /** What `Upload` of the SDK sends through. */
  readonly client: Pick<S3Client, 'send' | 'config'>;
  /** Rejects with a cancel at once, whatever hangs. */
  unlessCancelled<Answer>(work: Promise<Answer>): Promise<Answer>;
  /** To be called when the object stands. */
  completed(): Promise<void>;
  /** The first request that failed: the others were ended because of it. */
  failure(): unknown;
  /** Ends what is on its way and removes the parts. Nobody waits long for a server that hangs. */
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
  let where: { Bucket: string; Key: string; since: number } | undefined;
  /** The answer to the beginning of an upload was lost: there may be one whose id nobody knows. */
  let isAmbiguous = false;
  let first: { error: unknown } | undefined;
  const onTheirWay = new Set<Promise<unknown>>();

  async function send(command: Parameters<S3Client['send']>[0]): Promise<unknown> {
    signals.throwIfAborted();
    if (command instanceof CreateMultipartUploadCommand) {
      const { Bucket = '', Key = '' } = command.input;
      where = { Bucket, Key, since: Date.now() + (client.config.systemClockOffset ?? 0) - SKEW_MS };
      // Not ended half-way: an upload whose id nobody heard could not be removed.
      begun = client.send(command);
      begun.then(
        ({ $metadata }) => {
          isAmbiguous = ($metadata.attempts ?? 1) > 1;
        },
        (error: unknown) => {
          isAmbiguous = (statusOf(error) ?? 500) >= 500;
        },
      );
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

  /** One key has one writer here, so what was begun under it just now was ours. */
  async function removeStrays(except: string | undefined): Promise<void> {
    if (!isAmbiguous || where === undefined) return;
    const { Bucket: name, Key: key, since } = where;
    await removeUploads({ bucket: { client, name }, key, except, since, until: undefined }).catch(
      () => undefined,
    );
  }

  async function remove(): Promise<void> {
    const { UploadId } = (await begun?.catch(() => undefined)) ?? {};
    await Promise.allSettled(onTheirWay);
    await removeStrays(UploadId);
    if (UploadId === undefined || where === undefined) return;
    const { Bucket, Key } = where;
    for (let attempt = 1; attempt <= ABORTS; attempt += 1) {
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
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
    async completed() {
      await removeStrays((await begun)?.UploadId);
    },
    failure: () => first?.error,
    async abort() {
      ending.abort();
      const removed = remove();
      const limit = signal?.aborted ? patienceMs.cancel : patienceMs.failure;
      await Promise.race([removed, setTimeout(limit, undefined, { ref: false })]);
    },
  };
}
