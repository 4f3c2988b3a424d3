import { Hono } from 'hono';
import { createReceiver } from '#shared/host';
import { createMetrics } from '#shared/telemetry';
import { type Benchmark, type Measurement, measured, median } from './benchmark.ts';
import { requestsPerSecond } from './http/requests-per-second.ts';
import { chain, publishMany } from './ledger/chain.ts';
import { startLane } from './ledger/lane.ts';
import { type BenchLedger, clear, withLedger } from './ledger/with-ledger.ts';

const ROUNDS = 3;
const REQUESTS = 3_000;
const FULL_REQUESTS = 20_000;

/** A warm host's answers: of a no-op without the ledger beside a bare Hono, and with the ledger. */
export default {
  name: 'host',
  async run({ scratch, full = false }) {
    const count = full ? FULL_REQUESTS : REQUESTS;
    return [
      ...(await withoutLedger(count)),
      ...(await withLedger(scratch, (ledger) => throughLedger(ledger, Math.round(count / 2)))),
    ];
  },
} satisfies Benchmark;

const metrics = createMetrics({ service: 'bench' });
const health = async () => undefined;

function wakeUp(delivery: string): { headers: Record<string, string>; body: null } {
  return {
    headers: {
      ...{ 'ce-specversion': '1.0', 'ce-id': `${delivery}.1`, 'ce-source': 'urn:bench' },
      ...{ 'ce-type': 'millrace.wake-up', 'ce-function': 'first-step' },
    },
    body: null,
  };
}

async function withoutLedger(count: number): Promise<readonly Measurement[]> {
  const receiver = createReceiver({ host: { take: async () => 'not-due' }, metrics, health });
  const hono = new Hono();
  hono.post('/', async (context) => {
    await context.req.arrayBuffer();
    return context.body(null, 202);
  });
  const request = wakeUp('0198c0de-0000-8000-a000-000000000000');
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await requestsPerSecond(hono, { request, count }));
    ours.push(await requestsPerSecond({ fetch: receiver.fetch }, { request, count }));
  }
  return [
    measured({ what: 'warm no-op through a host, without the ledger', value: median(ours), unit: '/s' }),
    measured({
      ...{ what: '… ÷ bare Hono', value: median(ours) / median(bare), unit: '×', digits: 2 },
      goal: { atLeast: 0.6 },
    }),
  ];
}

/** Each wake-up is claimed, handled (nothing), committed and only then answered. */
async function throughLedger(ledger: BenchLedger, count: number): Promise<readonly Measurement[]> {
  const { pool } = ledger;
  const lane = await startLane(ledger, chain('nothing'), { works: 'on what wake-ups name' });
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await clear(pool);
    await publishMany(pool, count + 1_000);
    const { rows } = await pool.query<{ id: string }>(
      `select id from ledger.delivery where function = 'first-step'`,
    );
    const due = rows.values();
    const receiver = createReceiver({
      host: { take: () => lane.take(due.next().value?.id ?? 'none left') },
      metrics,
      health,
    });
    const request = wakeUp('0198c0de-0000-8000-a000-000000000000');
    rates.push(await requestsPerSecond({ fetch: receiver.fetch }, { request, count }));
  }
  await lane.stop();
  return [
    measured({ what: '… with the ledger: claimed, done, committed', value: median(rates), unit: '/s' }),
  ];
}
