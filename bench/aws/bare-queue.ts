import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { AwsServer } from '../../test/aws/servers/aws-server.ts';

/** As many as SQS takes and gives at a time. */
export const BATCH = 10;
const WAIT_SECONDS = 2;

/** A queue by the SDK alone, as shortly as it can be written. */
export interface BareQueue {
  send(body: string): Promise<void>;
  sendTen(body: string): Promise<void>;
  /** Waits for messages, up to ten, and removes them when they are told of. */
  take(onMessages: (bodies: readonly string[]) => void): Promise<void>;
  close(): void;
}

export async function openBareQueue(
  { endpoint, region, credentials }: AwsServer,
  QueueName: string,
): Promise<BareQueue> {
  const client = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
  return {
    async send(MessageBody) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    async sendTen(MessageBody) {
      const Entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody }));
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
    async take(onMessages) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: WAIT_SECONDS,
        }),
      );
      if (Messages.length === 0) return;
      onMessages(Messages.map(({ Body = '' }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
    close: () => client.destroy(),
  };
}
