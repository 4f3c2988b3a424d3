import type { SQSClient } from '@aws-sdk/client-sqs';
import { Cancelled, Transient } from '#shared/errors';
import { queueError } from './queue-error.ts';

/** Where SQS answers. Without credentials the SDK's own chain finds them: environment, profile, role. */
export interface AwsConnection {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export interface QueueMessage {
  readonly body: string;
  /** Of this receipt; a stale one may be refused or not. */
  readonly receipt: string;
}

/** The few things we do with queues. Every call ends in bounded time with an error that names endpoint, queue and remedy. */
export interface Queues {
  readonly endpoint: string;
  /** @throws Permanent `queue-missing`, `queue-credentials-*`, `queue-forbidden`, `queue-clock-skew`; Transient `queue-unreachable` */
  check(queue: string): Promise<void>;
  /** Sends up to ten together; what the server refuses of them is an error of all. */
  send(queue: string, messages: readonly Outgoing[]): Promise<void>;
  /** Waits for messages. Do not abort it lightly: an aborted wait may take the next message with it. */
  receive(
    queue: string,
    options: { max: number; waitSeconds: number; signal?: AbortSignal },
  ): Promise<readonly QueueMessage[]>;
  remove(queue: string, messages: readonly QueueMessage[]): Promise<void>;
  /** Others may have them at once. */
  handBack(queue: string, messages: readonly QueueMessage[]): Promise<void>;
  close(): void;
}

export interface Outgoing {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** SQS takes and gives so many at a time. */
export const BATCH_SIZE = 10;
const CALL_MS = 10_000;
const CONNECT_MS = 3_000;
const ATTEMPTS = 3;

/** Opens a client. The SDK is loaded with the first call, so that who has no queues does not wait for it. */
export function openQueues({ endpoint, region, credentials }: AwsConnection): Queues {
  const shown = endpoint ?? `SQS${region === undefined ? '' : ` in ${region}`}`;
  const urls = new Map<string, Promise<string>>();
  let opened: Promise<{ sdk: typeof import('@aws-sdk/client-sqs'); client: SQSClient }> | undefined;
  let client: SQSClient | undefined;

  async function load() {
    const sdk = await import('@aws-sdk/client-sqs');
    client = new sdk.SQSClient({
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_MS },
      // The queue's URL may name a host that only the server itself knows.
      useQueueUrlAsEndpoint: endpoint === undefined,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      ...(credentials === undefined ? {} : { credentials }),
    });
    return { sdk, client };
  }

  function urlOf(queue: string): Promise<string> {
    const known = urls.get(queue);
    if (known !== undefined) return known;
    opened ??= load();
    const asked = opened.then(async ({ sdk, client: sqs }) => {
      const answer = await sqs.send(new sdk.GetQueueUrlCommand({ QueueName: queue }), within(CALL_MS));
      return answer.QueueUrl ?? '';
    });
    urls.set(queue, asked);
    asked.catch(() => urls.delete(queue));
    return asked;
  }

  async function call<Answer>(
    queue: string,
    ask: (parts: {
      sdk: typeof import('@aws-sdk/client-sqs');
      client: SQSClient;
      QueueUrl: string;
    }) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    try {
      opened ??= load();
      const QueueUrl = await urlOf(queue);
      return await ask({ ...(await opened), QueueUrl });
    } catch (error) {
      if (signal?.aborted)
        throw new Cancelled('cancelled', `Waiting for the queue "${queue}" was cancelled.`);
      const told = queueError(error, { queue, endpoint: shown });
      // A queue that was made anew may have another URL.
      if ((told as { code?: string }).code === 'queue-missing') urls.delete(queue);
      throw told;
    }
  }

  return {
    endpoint: shown,
    async check(queue) {
      urls.delete(queue);
      await call(queue, async () => undefined);
    },
    send: (queue, messages) =>
      call(queue, async ({ sdk, client: sqs, QueueUrl }) => {
        const Entries = messages.map(({ body, attributes = {} }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
        }));
        const answer = await sqs.send(
          new sdk.SendMessageBatchCommand({ QueueUrl, Entries }),
          within(CALL_MS),
        );
        const [failed] = answer.Failed ?? [];
        if (failed !== undefined) throw refused(queue, shown, failed.Message ?? failed.Code ?? 'refused');
      }),
    receive: (queue, { max, waitSeconds, signal }) =>
      call(
        queue,
        async ({ sdk, client: sqs, QueueUrl }) => {
          const limit = AbortSignal.timeout(waitSeconds * 1_000 + CALL_MS);
          const abortSignal = signal === undefined ? limit : AbortSignal.any([signal, limit]);
          const answer = await sqs.send(
            new sdk.ReceiveMessageCommand({
              QueueUrl,
              MaxNumberOfMessages: Math.min(max, BATCH_SIZE),
              WaitTimeSeconds: waitSeconds,
            }),
            { abortSignal },
          );
          return (answer.Messages ?? []).map(({ Body = '', ReceiptHandle = '' }) => ({
            body: Body,
            receipt: ReceiptHandle,
          }));
        },
        signal,
      ),
    remove: (queue, messages) =>
      call(queue, async ({ sdk, client: sqs, QueueUrl }) => {
        const Entries = messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
        // One that is not removed comes again, and changes nothing.
        await sqs.send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries }), within(CALL_MS));
      }),
    handBack: (queue, messages) =>
      call(queue, async ({ sdk, client: sqs, QueueUrl }) => {
        const Entries = messages.map(({ receipt }, index) => ({
          Id: String(index),
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        }));
        await sqs.send(new sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }), within(CALL_MS));
      }),
    close: () => client?.destroy(),
  };
}

function within(ms: number): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(ms) };
}

function refused(queue: string, endpoint: string, why: string): Transient {
  return new Transient('queue-send-refused', `The queue "${queue}" at ${endpoint} took no message: ${why}.`);
}
