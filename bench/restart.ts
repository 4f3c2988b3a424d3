import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Pool } from '#shared/database';
import { type Benchmark, measured, median } from './benchmark.ts';
import { startPlatform, until } from './platform/platform.ts';
import { finishVideo, startVideo } from './platform/small-video.ts';

const KILLS = 3;
const FULL_KILLS = 15;
/** Into a step's work, so that it is truly in the middle of it. */
const INTO_MS = 100;

/** kill -9 of everything, Postgres too, in the middle of a video; the next start goes on where it was. */
export default {
  name: 'restart',
  async run({ scratch, full = false }) {
    const dataDir = join(scratch, 'data');
    const waits: number[] = [];
    let lost = 0;
    let doubled = 0;
    let platform = await startPlatform(dataDir);
    try {
      for (let round = 0; round < (full ? FULL_KILLS : KILLS); round += 1) {
        const run = await startVideo(platform);
        const interrupted = await ask(await platform.databaseUrl(), (pool) => untilAtWork(pool, run));
        await platform.kill();
        platform = await startPlatform(dataDir);
        const { readyAt } = platform;
        await ask(await platform.databaseUrl(), async (pool) => {
          await untilAgain(pool, interrupted);
          waits.push((performance.now() - readyAt) / 1_000);
          await finishVideo(platform, run);
          const faults = await faultsOf(pool, run);
          lost += faults.lost;
          doubled += faults.doubled;
        });
      }
    } finally {
      await platform.stop();
    }
    return [
      measured({
        ...{ what: 'kill -9 of the platform, restart: ready to the first interrupted step running again' },
        ...{ value: median(waits), unit: 's', digits: 2, goal: { atMost: 1 } },
      }),
      measured({ what: '… at the worst', value: Math.max(...waits), unit: 's', digits: 2 }),
      measured({ what: '… deliveries lost', value: lost, goal: { atMost: 0 } }),
      measured({ what: '… deliveries doubled', value: doubled, goal: { atMost: 0 } }),
    ];
  },
} satisfies Benchmark;

interface AtWork {
  readonly id: string;
  readonly fence: bigint;
}

/** Some time into the first step of a lane that works on processes' work: what is leased then. */
async function untilAtWork(pool: Pool, run: string): Promise<readonly AtWork[]> {
  const look = async (): Promise<readonly AtWork[] | undefined> => {
    const { rows } = await pool.query<AtWork>(
      `select id, fence from ledger.delivery where run = $1 and lane <> 'light' and state = 'leased'
         and function in ('render-tts', 'render-scene', 'mux-video')`,
      [run],
    );
    return rows.length > 0 ? rows : undefined;
  };
  await until('a step of the video is at work', look);
  await sleep(INTO_MS);
  return (await look()) ?? untilAtWork(pool, run);
}

async function untilAgain(pool: Pool, interrupted: readonly AtWork[]): Promise<void> {
  await until('an interrupted step runs again', async () => {
    const { rowCount } = await pool.query(
      `select from ledger.delivery d join unnest($1::uuid[], $2::bigint[]) i (id, fence) on i.id = d.id
       where d.fence > i.fence and d.state in ('leased', 'done')`,
      [interrupted.map(({ id }) => id), interrupted.map(({ fence }) => fence)],
    );
    return rowCount || undefined;
  });
}

/** Of a finished run: steps that did not end well, and events, artifacts or deliveries that are there twice. */
async function faultsOf(pool: Pool, run: string): Promise<{ lost: number; doubled: number }> {
  const { rows } = await pool.query<{ lost: number; doubled: number }>(
    `select (select count(*)::int from ledger.delivery where run = $1 and state <> 'done') as lost,
       (select coalesce(sum(n - 1), 0)::int from (
          select count(*) as n from ledger.event where run = $1 group by type, key
          union all select count(*) from ledger.delivery where run = $1 group by function, event, key
          union all select count(*) from ledger.artifact where run = $1 group by delivery, name
        ) found) as doubled`,
    [run],
  );
  return rows[0] ?? { lost: Number.NaN, doubled: Number.NaN };
}

async function ask<Answer>(url: string, use: (pool: Pool) => Promise<Answer>): Promise<Answer> {
  const pool = connect({ url, max: 1, applicationName: 'bench observer' });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}
