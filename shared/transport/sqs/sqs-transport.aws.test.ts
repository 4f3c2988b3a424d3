import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateQueueCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterName, openQueues, wakeQueueName } from '#shared/queue';
import { createLog } from '#shared/telemetry';
import { type Fate, startFaultyProxy } from '../../../test/aws/faulty-proxy.ts';
import { testServer } from '../../../test/aws/server.ts';
import { describeTransport } from '../testing/transport.contract.ts';
import { createSqsTransport } from './sqs-transport.ts';

const lanes = ['light', 'cpu', 'ffmpeg'];

async function createWorld() {
  const { endpoint, region, credentials } = testServer();
  const prefix = `t-${randomBytes(4).toString('hex')}`;
  const client = new SQSClient({ endpoint, region, credentials });
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const urls = new Map<string, string>();
  for (const lane of lanes) {
    const queue = wakeQueueName(prefix, lane);
    for (const QueueName of [queue, deadLetterName(queue)]) {
      const Attributes = { VisibilityTimeout: '5' };
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      urls.set(QueueName, QueueUrl);
    }
  }
  const queues = openQueues({ endpoint, region, credentials });
  return {
    prefix,
    lines,
    open: () =>
      createSqsTransport({ queues: openQueues({ endpoint, region, credentials }), prefix, lanes, log }),
    forge: (lane: string, body: string) => queues.send(wakeQueueName(prefix, lane), [{ body }]),
    async received(queue: string) {
      const QueueUrl = urls.get(queue);
      const answer = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      return answer.Messages ?? [];
    },
    async purge(lane: string) {
      await client.send(new PurgeQueueCommand({ QueueUrl: urls.get(wakeQueueName(prefix, lane)) }));
    },
    wakes: (lane: string) => wakeQueueName(prefix, lane),
    async close() {
      queues.close();
      client.destroy();
    },
  };
}

describeTransport('sqs', createWorld);

describe('wake-ups by SQS', () => {
  let world: Awaited<ReturnType<typeof createWorld>>;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  it('put what cannot be read aside with the reason, and never see it again', async () => {
    const transport = world.open();
    await world.forge('cpu', 'no wake-up at all');
    const woken: string[] = [];
    await transport.listen((lane) => void woken.push(lane), { lanes: ['cpu'] });
    let [aside] = await world.received(deadLetterName(world.wakes('cpu')));
    for (let tries = 0; tries < 100 && aside === undefined; tries++) {
      await sleep(100);
      [aside] = await world.received(deadLetterName(world.wakes('cpu')));
    }
    expect(aside?.Body).toBe('no wake-up at all');
    expect(aside?.MessageAttributes?.code?.StringValue).toBe('wake-up-unreadable');
    expect(aside?.MessageAttributes?.reason?.StringValue).toContain('it is no JSON');
    await transport.close();
    await sleep(6_000);
    expect(await world.received(world.wakes('cpu'))).toEqual([]);
    expect(woken).toEqual([]);
    expect(world.lines.filter((line) => line.includes('dead-letter'))).toHaveLength(1);
  });

  it('leave a message to others while there is no room', async () => {
    const busy = world.open();
    const free = world.open();
    let busyWoken = 0;
    let freeWoken = 0;
    await busy.listen(
      () => {
        busyWoken += 1;
      },
      { lanes: ['light'], room: () => 0 },
    );
    await free.listen(
      () => {
        freeWoken += 1;
      },
      { lanes: ['light'], room: () => 1 },
    );
    const sender = world.open();
    sender.send(['light']);
    for (let tries = 0; tries < 200 && freeWoken === 0; tries++) await sleep(50);
    expect({ busyWoken, freeWoken }).toEqual({ busyWoken: 0, freeWoken: 1 });
    await Promise.all([busy, free, sender].map((transport) => transport.close()));
  });

  it('hand back what came when the last slot was just filled', async () => {
    const listener = world.open();
    let asked = 0;
    // Room when it asks, none when the message comes; then room again.
    await listener.listen(() => undefined, { lanes: ['ffmpeg'], room: () => (asked++ === 0 ? 1 : 0) });
    const other = world.open();
    other.send(['ffmpeg']);
    let messages = await world.received(world.wakes('ffmpeg'));
    for (let tries = 0; tries < 100 && messages.length === 0; tries++) {
      await sleep(50);
      messages = await world.received(world.wakes('ffmpeg'));
    }
    expect(messages).toHaveLength(1);
    await Promise.all([listener.close(), other.close()]);
  });

  it('take nothing with them when they stop listening', async () => {
    const leaving = world.open();
    await leaving.listen(() => undefined, { lanes: ['cpu'] });
    await leaving.close();
    const sender = world.open();
    sender.send(['cpu']);
    await sender.close();
    const woken: string[] = [];
    const next = world.open();
    await next.listen((lane) => void woken.push(lane), { lanes: ['cpu'] });
    // An aborted wait may have taken it: then it comes again when its visibility ends.
    for (let tries = 0; tries < 400 && woken.length === 0; tries++) await sleep(100);
    expect(woken.length).toBeGreaterThan(0);
    await next.close();
  });

  it.each([
    ['a queue that is not there', {}, 'queue-missing', 'npm run provision'],
    [
      'an endpoint where nobody listens',
      { endpoint: 'http://127.0.0.1:9' },
      'queue-unreachable',
      'http://127.0.0.1:9',
    ],
  ])('refuse %s, naming it', async (_name, more, code, words) => {
    const { endpoint, region, credentials } = testServer();
    const log = createLog({ service: 'test', level: 'silent' });
    const queues = openQueues({ endpoint, region, credentials, ...more });
    const transport = createSqsTransport({ queues, prefix: 'nobody', lanes, log });
    const refused = transport.listen(() => undefined, { lanes: ['cpu'] });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    await expect(refused).rejects.toThrow('nobody-wake-cpu');
    transport.send(['cpu']);
    await transport.close();
  });

  it.each([
    ['asks for less (503)', { status: 503, code: 'SlowDown' }],
    ['hangs', 'hang'],
    ['loses its answers', 'lose answer'],
  ] satisfies [string, Fate][])(
    'go on after a time when the server %s; that is said once',
    async (_name, fate) => {
      const { region, credentials } = testServer();
      const proxy = await startFaultyProxy(testServer().endpoint);
      const queues = openQueues({ endpoint: proxy.endpoint, region, credentials });
      const lines: string[] = [];
      const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
      const listener = createSqsTransport({ queues, prefix: world.prefix, lanes, log });
      let woken = 0;
      await listener.listen(
        () => {
          woken += 1;
        },
        { lanes: ['cpu'] },
      );
      proxy.decide(() => fate);
      const sender = world.open();
      await sleep(2_500);
      sender.send(['cpu']);
      await sleep(12_000);
      proxy.decide(() => 'pass');
      for (let tries = 0; tries < 600 && woken === 0; tries++) await sleep(50);
      expect(woken).toBeGreaterThan(0);
      expect(lines.filter((line) => line.includes('a queue cannot be read')).length).toBeLessThan(2);
      await Promise.all([listener.close(), sender.close()]);
      await proxy.close();
    },
  );

  it('give up an endpoint that hangs, and say so', async () => {
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const address = hanging.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { region, credentials } = testServer();
    const queues = openQueues({ endpoint: `http://127.0.0.1:${port}`, region, credentials });
    await expect(queues.check('any')).rejects.toMatchObject({ code: 'queue-unreachable' });
    queues.close();
    hanging.close();
  });

  it('are sent again after all of them were lost', async () => {
    const listener = world.open();
    let woken = 0;
    await listener.listen(
      () => {
        woken += 1;
      },
      { lanes: ['light'] },
    );
    await world.purge('light');
    const sender = world.open();
    sender.send(['light']);
    for (let tries = 0; tries < 200 && woken === 0; tries++) await sleep(50);
    expect(woken).toBeGreaterThan(0);
    await Promise.all([listener.close(), sender.close()]);
  });
});
