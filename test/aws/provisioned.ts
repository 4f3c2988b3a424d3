import { randomBytes } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { deadLetterName, inboundQueueName } from '#shared/queue';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../localstack/embedded/paths.ts';
import { createPlan, provision } from '../../localstack/provision/index.ts';
import { bareClient, type ServerFacts } from './bucket.ts';

/** Buckets and queues as `npm run provision` makes them, under names of their own, and the bare SDK beside. */
export interface Provisioned {
  readonly prefix: string;
  readonly inbox: string;
  readonly artifacts: string;
  readonly inbound: string;
  readonly s3: S3Client;
  /** What the platform is told. */
  readonly environment: Record<string, string>;
  send(queue: string, body: string): Promise<void>;
  /** Messages that can be received now; they stay invisible for a while. */
  received(
    queue: string,
  ): Promise<readonly { body: string; code: string | undefined; reason: string | undefined }[]>;
  deadLetters(queue: string): ReturnType<Provisioned['received']>;
  close(): void;
}

export async function provisionFor(server: ServerFacts): Promise<Provisioned> {
  const { endpoint, region, credentials } = server;
  const prefix = `t${randomBytes(4).toString('hex')}`;
  const inbox = `${prefix}-inbox`;
  const artifacts = `${prefix}-artifacts`;
  const plan = createPlan({
    topology: readTopology({ path: topologyPath }),
    prefix,
    buckets: { inbox, artifacts },
    corsOrigins: ['*'],
  });
  await provision({ plan, connection: server, mode: 'apply', say: () => undefined });
  const sqs = new SQSClient({ endpoint, region, credentials });
  const s3 = bareClient(server);
  const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  const received: Provisioned['received'] = async (queue) => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: await urlOf(queue),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map(({ Body = '', MessageAttributes }) => ({
      body: Body,
      code: MessageAttributes?.code?.StringValue,
      reason: MessageAttributes?.reason?.StringValue,
    }));
  };
  return {
    prefix,
    inbox,
    artifacts,
    inbound: inboundQueueName(prefix, 'inbox'),
    s3,
    environment: {
      OBJECTS: 's3',
      TRANSPORT: 'sqs',
      QUEUE_PREFIX: prefix,
      INBOX_BUCKET: inbox,
      ARTIFACTS_BUCKET: artifacts,
    },
    async send(queue, MessageBody) {
      await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody }));
    },
    received,
    deadLetters: (queue) => received(deadLetterName(queue)),
    close() {
      sqs.destroy();
      s3.destroy();
    },
  };
}
