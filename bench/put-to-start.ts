import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { wakeQueueName } from '#shared/queue';
import { type Provisioned, provisionFor } from '../test/aws/provisioned.ts';
import type { AwsServer } from '../test/aws/servers/aws-server.ts';
import { type Arrivals, createArrivals } from './aws/arrivals.ts';
import { openBareQueue } from './aws/bare-queue.ts';
import { startInbound } from './aws/inbound.ts';
import { percentilesOf, percentilesRow } from './aws/percentiles.ts';
import { onQueues } from './aws/servers.ts';
import type { Benchmark, Measurement } from './benchmark.ts';
import { type BenchLedger, withLedger } from './ledger/with-ledger.ts';

const OBJECTS = 100;
const FULL_OBJECTS = 1_000;
const SLEEP_MS = 100;
const STEP_MS = 37;

/**
 * From a put of the bare SDK into the inbound bucket to the start of the object's function: a notice comes by a queue, the
 * object is looked at and published, a wake-up goes by another queue. What the server itself takes for its two messages is
 * measured in turn with it, by the bare SDK too.
 */
export default {
  name: 'put-to-start',
  run: ({ scratch, full = false }) =>
    onQueues('put to start', (server, name) =>
      withLedger(scratch, (ledger) =>
        measure({ server, name, ledger, objects: full ? FULL_OBJECTS : OBJECTS }),
      ),
    ),
} satisfies Benchmark;

async function measure(request: {
  server: AwsServer;
  name: string;
  ledger: BenchLedger;
  objects: number;
}): Promise<readonly Measurement[]> {
  const { server, name, ledger, objects } = request;
  const ours = await provisionFor(server);
  const bare = await provisionFor(server);
  const inbound = await startInbound({ server, place: ours, ledger });
  const notices = await listen(server, bare.inbound);
  const wakeUps = await listen(server, wakeQueueName(bare.prefix, 'light'));
  const waits: Record<'starts' | 'notices' | 'wakeUps', number[]> = { starts: [], notices: [], wakeUps: [] };
  try {
    for (let turn = 0; turn < objects; turn += 1) {
      const key = `${randomUUID()}.md`;
      // At another moment of the server's sleep each time: it looks for messages every 100 ms.
      await sleep((turn * STEP_MS) % SLEEP_MS);
      waits.starts.push(await waited(inbound.starts, key, () => put(ours, key)));
      await sleep((turn * STEP_MS) % SLEEP_MS);
      waits.notices.push(await waited(notices.arrivals, key, () => put(bare, key)));
      await sleep((turn * STEP_MS) % SLEEP_MS);
      waits.wakeUps.push(await waited(wakeUps.arrivals, key, () => wakeUps.send(key)));
    }
  } finally {
    await Promise.all([inbound.stop(), notices.stop(), wakeUps.stop()]);
    for (const place of [ours, bare]) place.close();
  }
  const [starts, noticed, woken] = [waits.starts, waits.notices, waits.wakeUps].map(percentilesOf);
  if (starts === undefined || noticed === undefined || woken === undefined) return [];
  return [
    percentilesRow(`put to start, on ${name}`, starts),
    percentilesRow('… the server’s: put to notice, by the bare SDK', noticed),
    percentilesRow('… the server’s: a wake-up sent and received, by the bare SDK', woken),
    percentilesRow('… less the server’s medians: to look, copy, publish, claim', {
      p50: starts.p50 - noticed.p50 - woken.p50,
      p99: starts.p99 - noticed.p50 - woken.p50,
    }),
  ];
}

async function put({ s3, inbox }: Provisioned, key: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: inbox, Key: key, Body: `# Bench\n\n${key}\n` }));
}

/** Milliseconds from before it is sent until it arrives. */
async function waited(arrivals: Arrivals, key: string, send: () => Promise<void>): Promise<number> {
  const before = performance.now();
  const [at] = await Promise.all([arrivals.of(key), send()]);
  return at - before;
}

const KEY = /[0-9a-f-]{36}\.md/;

/** Waits for messages all the time, as our own listeners do. */
async function listen(server: AwsServer, name: string) {
  const queue = await openBareQueue(server, name);
  const arrivals = createArrivals();
  let isStopping = false;
  const listening = (async () => {
    while (!isStopping)
      await queue.take((bodies) => {
        for (const body of bodies) arrivals.note(KEY.exec(body)?.[0] ?? '');
      });
  })();
  return {
    arrivals,
    send: queue.send,
    async stop() {
      isStopping = true;
      await listening;
      queue.close();
    },
  };
}
