import { setTimeout as sleep } from 'node:timers/promises';
import { secondsSince } from '../benchmark.ts';
import { chain, publishMany, type Writes } from '../ledger/chain.ts';
import { startLane } from '../ledger/lane.ts';
import { type BenchLedger, clear } from '../ledger/with-ledger.ts';
import { type Rate, spent } from './rate.ts';

/** Deliveries in hand: batches that write rows are small, and more in hand would only wait. */
const IN_HAND: Record<Writes, number> = { 'own row': 256, nothing: 1_024 };

/** The chain through the ledger and a lane's host, from the first claim until nothing is open. */
export async function ourRate(
  ledger: BenchLedger,
  { runs, writes }: { runs: number; writes: Writes },
): Promise<Rate> {
  const { pool, pid } = ledger;
  await clear(pool);
  await publishMany(pool, runs);
  const lane = await startLane(ledger, chain(writes), { concurrency: IN_HAND[writes] });
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { result: took, cpuSeconds } = await spent([pid], async () => {
    lane.wake();
    for (;;) {
      const { rows } = await pool.query('select 1 from ledger.delivery where open limit 1');
      if (rows.length === 0) return secondsSince(started);
      await sleep(25);
    }
  });
  const { user, system } = process.cpuUsage(cpu);
  await lane.stop();
  const { rows } = await pool.query<{ done: number; effects: number }>(
    `select (select count(*)::int from ledger.delivery where state = 'done') as done,
       (select count(*)::int from effect) as effects`,
  );
  const expected = { done: runs * 2, effects: writes === 'own row' ? runs * 2 : 0 };
  if (rows[0]?.done !== expected.done || rows[0].effects !== expected.effects)
    throw new Error(`${JSON.stringify(rows[0])} instead of ${JSON.stringify(expected)}`);
  return {
    perSecond: expected.done / took,
    cpuMs: ((cpuSeconds + (user + system) / 1e6) * 1_000) / expected.done,
  };
}
