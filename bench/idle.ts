import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Pool } from '#shared/database';
import { type Benchmark, type Measurement, measured, secondsSince } from './benchmark.ts';
import { type BenchPlatform, startPlatform, until } from './platform/platform.ts';
import { commandOf, cpuSecondsOf, processTree, pssOf } from './platform/process-tree.ts';
import { finishVideo, startVideo } from './platform/small-video.ts';

const WATCH_MS = 20_000;
const FULL_WATCH_MS = 120_000;
/** Lanes end after a minute without work. */
const LANES_END_MS = 120_000;
const SETTLE_MS = 5_000;

/** What the platform needs while it has nothing to do, after work whose lanes have ended. */
export default {
  name: 'idle',
  async run({ scratch, full = false }) {
    const platform = await startPlatform(join(scratch, 'data'));
    try {
      await finishVideo(platform, await startVideo(platform));
      await until(
        'the lanes end',
        async () => ((await lanesOf(platform)) === 0 ? true : undefined),
        LANES_END_MS,
      );
      await sleep(SETTLE_MS);
      return await watch(platform, full ? FULL_WATCH_MS : WATCH_MS);
    } finally {
      await platform.stop();
    }
  },
} satisfies Benchmark;

async function lanesOf({ pid }: BenchPlatform): Promise<number> {
  const commands = await Promise.all((await processTree(pid)).map(commandOf));
  return commands.filter((command) => command.includes('lane-process')).length;
}

async function watch(platform: BenchPlatform, ms: number): Promise<readonly Measurement[]> {
  const { pid } = platform;
  // Memory first: the session that counts transactions would be in it.
  const memory = (await Promise.all((await processTree(pid)).map(pssOf))).reduce(
    (sum, each) => sum + each,
    0,
  );
  const pool = connect({ url: await platform.databaseUrl(), max: 1, applicationName: 'bench observer' });
  try {
    const before = { cpu: await cpuSecondsOf(pid), transactions: await transactionsOf(pool) };
    const started = performance.now();
    await sleep(ms);
    const seconds = secondsSince(started);
    const cpu = (await cpuSecondsOf(pid)) - before.cpu;
    // The look at the beginning is in what the second one finds.
    const transactions = (await transactionsOf(pool)) - before.transactions - 1;
    return [
      measured({
        ...{ what: 'idle platform: memory of all processes (PSS)', value: memory / 2 ** 20, unit: 'MB' },
        goal: { atMost: 350 },
      }),
      measured({
        ...{ what: '… share of a core', value: (cpu / seconds) * 100, unit: '%', digits: 2 },
        goal: { atMost: 1 },
      }),
      measured({
        ...{ what: '… transactions', value: transactions / seconds, unit: '/s', digits: 1 },
        goal: { atMost: 6 },
      }),
    ];
  } finally {
    await pool.end();
  }
}

async function transactionsOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    'select sum(xact_commit + xact_rollback)::text as n from pg_stat_database',
  );
  return Number(rows[0]?.n);
}
