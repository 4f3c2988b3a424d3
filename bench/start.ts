import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';
import { type Benchmark, median } from './benchmark.ts';

const GOAL_SECONDS = 4;
const LIMIT_MS = 60_000;
const launcher = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));

/** From `npm start` to the first answer of `/ready`, when the data folder and the compile cache are there. */
export default {
  name: 'start',
  async run({ scratch }) {
    const dataDir = join(scratch, 'data');
    const cold = await startOnce(dataDir);
    const warm: number[] = [];
    for (let turn = 0; turn < 3; turn++) warm.push(await startOnce(dataDir));
    const seconds = median(warm);
    return [
      { what: 'start to ready, new data folder', value: `${cold.toFixed(2)} s`, goal: '', isMet: true },
      {
        what: 'start to ready, warm, median of 3',
        value: `${seconds.toFixed(2)} s`,
        goal: `≤ ${GOAL_SECONDS} s`,
        isMet: seconds <= GOAL_SECONDS,
      },
    ];
  },
} satisfies Benchmark;

async function startOnce(dataDir: string): Promise<number> {
  const before = performance.now();
  const child = spawn(process.execPath, [launcher, 'start'], {
    env: { ...inheritedEnvironment(), PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    const url = await waitFor(() => /is ready at (\S+)/.exec(said)?.[1]);
    await waitFor(async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));
    return (performance.now() - before) / 1000;
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function waitFor<Found>(look: () => Promise<Found | undefined> | Found | undefined): Promise<Found> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error('The platform was not ready within a minute.');
    await sleep(5);
  }
}
