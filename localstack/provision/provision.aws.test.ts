import { randomBytes } from 'node:crypto';
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { startFaultyProxy } from '../../test/aws/faulty-proxy.ts';
import { testServer } from '../../test/aws/server.ts';
import { topologyPath } from '../embedded/paths.ts';
import { createPlan, provision } from './index.ts';

const topology = readTopology({ path: topologyPath });

describe('provision', () => {
  const { endpoint, region, credentials } = testServer();
  const connection = { endpoint, region, credentials };
  const s3 = new S3Client({ ...connection, forcePathStyle: true });
  const sqs = new SQSClient(connection);
  const id = `p-${randomBytes(4).toString('hex')}`;
  const plan = createPlan({
    topology,
    prefix: id,
    buckets: { inbox: `${id}-inbox`, artifacts: `${id}-artifacts` },
    corsOrigins: ['https://studio.example'],
  });
  const run = async (mode: 'apply' | 'dry-run', changed = plan) => {
    const lines: string[] = [];
    return {
      ...(await provision({ plan: changed, connection, mode, say: (line) => lines.push(line) })),
      lines,
    };
  };
  afterAll(() => {
    s3.destroy();
    sqs.destroy();
  });

  it('says everything and changes nothing in a dry run; makes it; finds nothing to do the second time', async () => {
    const dry = await run('dry-run');
    expect(dry).toMatchObject({ kept: 0, changed: 0 });
    expect(dry.lines.filter((line) => line.includes('+ make'))).toHaveLength(dry.created);
    expect(await run('dry-run')).toMatchObject({ created: dry.created, kept: 0 });
    expect(await run('apply')).toMatchObject({ created: dry.created, cannot: [] });
    expect(await run('apply')).toMatchObject({ created: 0, changed: 0, kept: dry.created });
  });

  it('leads what is put into the inbox to its queue', async () => {
    const Bucket = `${id}-inbox`;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'scripts/a b+c.md', Body: '# Hi' }));
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${id}-inbound-inbox` }));
    const bodies: string[] = [];
    for (let tries = 0; tries < 10 && !bodies.some((body) => body.includes('ObjectCreated')); tries++) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
      bodies.push(...Messages.map(({ Body = '' }) => Body));
    }
    expect(bodies.join('\n')).toContain('ObjectCreated');
    const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(QueueConfigurations).toHaveLength(1);
  });

  it('mends what somebody changed, and what the plan says anew', async () => {
    await s3.send(
      new PutBucketCorsCommand({
        Bucket: `${id}-artifacts`,
        CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
      }),
    );
    const [first, ...rest] = plan.queues;
    if (first === undefined) throw new Error('no queue');
    const longer = { ...first, attributes: { ...first.attributes, MessageRetentionPeriod: '600' } };
    const mended = await run('apply', { ...plan, queues: [longer, ...rest] });
    expect(mended).toMatchObject({ created: 0, changed: 2 });
    expect(mended.lines.join('\n')).toContain('MessageRetentionPeriod 300 → 600');
    expect(await run('apply')).toMatchObject({ created: 0, changed: 1 });
  });

  it("keeps where a bucket's notices go besides", async () => {
    const Bucket = `${id}-inbox`;
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: '*',
        },
      ],
    });
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: `${id}-other`, Attributes: { Policy } }),
    );
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const other = {
      Id: 'another-program',
      QueueArn: Attributes?.QueueArn,
      Events: ['s3:ObjectRestore:*' as const],
    };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { QueueConfigurations: [other], EventBridgeConfiguration: {} },
      }),
    );
    expect(await run('apply')).toMatchObject({ created: 1, changed: 0 });
    const after = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(after.QueueConfigurations?.map(({ Id }) => Id).sort()).toEqual(['another-program', 'inbound']);
    expect(after.EventBridgeConfiguration).toBeDefined();
    expect(await run('apply')).toMatchObject({ created: 0, changed: 0 });
  });

  it('names the endpoint of the store where that refuses a step', async () => {
    const proxy = await startFaultyProxy(endpoint);
    proxy.decide(({ method }) => (method === 'PUT' ? { status: 403, code: 'AccessDenied' } : 'pass'));
    const buckets = { inbox: `${id}-i2`, artifacts: `${id}-a2` };
    const refused = provision({
      plan: createPlan({ topology, prefix: id, buckets, corsOrigins: ['*'] }),
      connection,
      s3Endpoint: proxy.endpoint,
      mode: 'apply',
      say: () => undefined,
    });
    try {
      await expect(refused).rejects.toMatchObject({
        code: 'provision-refused',
        message: expect.stringContaining(`bucket ${buckets.inbox} at ${proxy.endpoint}:`),
      });
    } finally {
      await proxy.close();
    }
  });

  it('says which endpoint is not there', async () => {
    const nowhere = provision({
      plan,
      connection: { ...connection, endpoint: 'http://127.0.0.1:9' },
      mode: 'apply',
      say: () => undefined,
    });
    await expect(nowhere).rejects.toMatchObject({
      code: 'provision-unreachable',
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
  });
});
