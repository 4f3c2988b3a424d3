import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '#shared/config';
import { queuesCheck, settle } from './index.ts';

describe('the check of the queues', () => {
  /** Answers for SQS which queues there are; all others are missing. */
  let server: Server;
  let there: RegExp;
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    // The SDK finds these by itself.
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    server = createServer(async (request, response) => {
      const { QueueName = '' } = (await json(request)) as { QueueName?: string };
      asked.push(QueueName);
      response.statusCode = there.test(QueueName) ? 200 : 400;
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(
        JSON.stringify(
          there.test(QueueName)
            ? { QueueUrl: `http://sqs.local/${QueueName}` }
            : { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'There is none.' },
        ),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const look = (environment: Record<string, string>) =>
    settle(
      queuesCheck,
      loadConfig({
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_REGION: 'us-east-1',
        ...environment,
      }),
      AbortSignal.timeout(20_000),
    );
  const onS3 = { OBJECTS: 's3' };

  it.each([
    ['SQS carries both', { ...onS3, TRANSPORT: 'sqs' }, 'millrace-inbound-inbox'],
    ['SQS carries the notices alone', { ...onS3, NOTICES: 'queue' }, 'millrace-inbound-inbox'],
    [
      'SQS carries the wake-ups alone',
      { ...onS3, TRANSPORT: 'sqs', NOTICES: 'webhook' },
      'millrace-wake-light',
    ],
  ])('names the one that is missing, where %s', async (_, environment, missing) => {
    there = new RegExp(`^(?!${missing}$)`);
    expect(await look(environment)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`There is no queue "${missing}"`),
    });
    there = /./;
    expect(await look(environment)).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^\d+ queues? at /),
    });
  });

  it.each([
    ['nothing comes by one', {}, []],
    ['notices come by a webhook', { ...onS3, NOTICES: 'webhook' }, []],
    ['notices alone come by one', { ...onS3, NOTICES: 'queue' }, ['millrace-inbound-inbox']],
  ])('asks for no other, where %s', async (_, environment, names) => {
    there = /./;
    expect(await look(environment)).toMatchObject({ ok: true });
    expect(asked).toEqual(names);
  });
});
