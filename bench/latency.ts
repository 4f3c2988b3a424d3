import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '#shared/database';
import { defineFunction, type FunctionDefinition } from '#shared/function';
import { createLedger, newRunId } from '#shared/ledger';
import { createPostgresTransport } from '#shared/transport';
import { type Benchmark, type Measurement, measured } from './benchmark.ts';
import { started } from './ledger/chain.ts';
import { startLane } from './ledger/lane.ts';
import { topology } from './ledger/topology.ts';
import { type BenchLedger, silent, withLedger } from './ledger/with-ledger.ts';

const EVENTS = 300;
const FULL_EVENTS = 2_000;
/** Between two events: a light load. */
const PAUSE_MS = 15;

/** From an event's commit to the start of its function, woken by NOTIFY: both in this process, over connections of their own. */
export default {
  name: 'latency',
  run: ({ scratch, full = false }) =>
    withLedger(scratch, (ledger) => measure(ledger, full ? FULL_EVENTS : EVENTS)),
} satisfies Benchmark;

async function measure(setting: BenchLedger, events: number): Promise<readonly Measurement[]> {
  const { pool, url } = setting;
  const sender = connect({ url, max: 2, applicationName: 'bench sender' });
  const receiving = createPostgresTransport({ pool, url, log: silent });
  const sending = createPostgresTransport({ pool: sender, url, log: silent });
  const waits: number[] = [];
  const published = new Map<string, number>();
  const lane = await startLane(setting, [
    defineFunction({
      name: 'first-step',
      summary: 'Notes when it starts.',
      consumes: ['pipeline.started'],
      needs: [],
      async handle({ run }) {
        // A start before the publisher heard of its own commit is no wait at all.
        waits.push(Math.max(0, performance.now() - (published.get(run.id) ?? performance.now())));
        return {};
      },
    }) as unknown as FunctionDefinition,
  ]);
  await receiving.listen(() => lane.wake(), { lanes: ['light'] });
  const ledger = createLedger({
    pool: sender,
    source: topology.source,
    wake: (lanes) => sending.send(lanes),
  });
  for (let turn = 0; turn < events; turn += 1) {
    const id = newRunId();
    await ledger.publish({
      run: { id, flow: 'video', owner: 'bench', title: 'B', labels: {} },
      event: { type: 'pipeline.started', data: started },
    });
    published.set(id, performance.now());
    await sleep(PAUSE_MS);
  }
  await lane.stop();
  await receiving.close();
  await sending.close();
  await sender.end();
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return [
    measured({
      ...{ what: 'emit to start by NOTIFY, within one process, p50', value: at(0.5), unit: 'ms', digits: 1 },
      goal: { atMost: 2 },
    }),
    measured({
      ...{ what: 'emit to start by NOTIFY, within one process, p99', value: at(0.99), unit: 'ms', digits: 1 },
      goal: { atMost: 8 },
    }),
  ];
}
