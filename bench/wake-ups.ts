import { openQueues, type Queues, wakeQueueName } from '#shared/queue';
import { createSqsTransport, type Transport } from '#shared/transport';
import { type Provisioned, provisionFor } from '../test/aws/provisioned.ts';
import type { AwsServer } from '../test/aws/servers/aws-server.ts';
import { BATCH, openBareQueue } from './aws/bare-queue.ts';
import { onQueues } from './aws/servers.ts';
import { type Benchmark, type Measurement, measured, median, secondsSince } from './benchmark.ts';
import { silent } from './ledger/with-ledger.ts';

const LANE = 'cpu';
const ROUNDS = 3;
const MESSAGES = 1_000;
const FULL_MESSAGES = 10_000;
/** As ours, in size. */
const BODY = JSON.stringify({
  ...{ specversion: '1.0', type: 'millrace.wake-up', id: '0198c0de-0000-8000-a000-000000000000' },
  ...{ source: 'urn:millrace', lane: LANE },
});

/** Wake-ups that one process sends and another takes and removes, beside the bare SDK on the same queue, ten at a time. */
export default {
  name: 'wake-ups',
  run: ({ full = false }) =>
    onQueues('wake-ups by SQS', async (server, name) => {
      const place = await provisionFor(server);
      const count = full ? FULL_MESSAGES : MESSAGES;
      const ours: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        bare.push(await bareRate({ server, place, count }));
        ours.push(await ourRate({ server, place, count }));
      }
      place.close();
      return rows(name, median(ours), median(bare));
    }),
} satisfies Benchmark;

function rows(name: string, ours: number, bare: number): readonly Measurement[] {
  return [
    measured({ what: `wake-ups by SQS, one sender, one listener, on ${name}`, value: ours, unit: '/s' }),
    measured({ what: 'bare SDK: send, receive, delete, on the same queue', value: bare, unit: '/s' }),
    measured({ what: '… ours ÷ it', value: ours / bare, unit: '×', digits: 2 }),
  ];
}

interface Request {
  readonly server: AwsServer;
  readonly place: Provisioned;
  readonly count: number;
}

async function bareRate({ server, place, count }: Request): Promise<number> {
  const queue = await openBareQueue(server, wakeQueueName(place.prefix, LANE));
  const started = performance.now();
  const sending = (async () => {
    for (let sent = 0; sent < count; sent += BATCH) await queue.sendTen(BODY);
  })();
  let taken = 0;
  while (taken < count)
    await queue.take((bodies) => {
      taken += bodies.length;
    });
  await sending;
  const perSecond = taken / secondsSince(started);
  queue.close();
  return perSecond;
}

/** As many as bare, give or take a batch: there is always one to send, and it goes with the next batch. */
async function ourRate({ server, place, count }: Request): Promise<number> {
  const queues = openQueues(server);
  let sent = 0;
  const sender = open(place, {
    ...queues,
    send(queue, messages) {
      sent += messages.length;
      return queues.send(queue, messages);
    },
  });
  const listener = open(place, openQueues(server));
  const all = Promise.withResolvers<void>();
  let woken = 0;
  await listener.listen(
    () => {
      woken += 1;
      if (woken === Math.max(count, sent)) all.resolve();
    },
    { lanes: [LANE] },
  );
  const wake = Array.from({ length: BATCH }, () => LANE);
  const started = performance.now();
  const sending = setInterval(() => {
    if (sent < count) sender.send(wake);
  }, 1);
  await all.promise;
  const perSecond = woken / secondsSince(started);
  clearInterval(sending);
  await sender.close();
  await listener.close();
  await empty({ server, place });
  return perSecond;
}

function open({ prefix }: Provisioned, queues: Queues): Transport {
  return createSqsTransport({ queues, prefix, lanes: [LANE], log: silent });
}

/** What was sent after the last one that counts, goes. */
async function empty({ server, place }: Omit<Request, 'count'>): Promise<void> {
  const queue = await openBareQueue(server, wakeQueueName(place.prefix, LANE));
  let last = Number.NaN;
  while (last !== 0) {
    last = 0;
    await queue.take((bodies) => {
      last = bodies.length;
    });
  }
  queue.close();
}
