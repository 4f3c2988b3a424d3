import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';
import { type Benchmark, measured, secondsSince } from './benchmark.ts';

const GOAL_SECONDS = 180;
const launcher = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));

/** The whole demo, from its start to the finished 60 s video at 1920×1080. */
export default {
  name: 'demo',
  async run({ scratch }) {
    const before = performance.now();
    const child = spawn(process.execPath, [launcher, 'demo'], {
      env: { ...inheritedEnvironment(), DATA_DIR: join(scratch, 'data') },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 900_000,
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The demo ended with exit code ${code}.`);
    return [
      measured({
        ...{ what: 'demo to the finished 60 s video', value: secondsSince(before), unit: 's', digits: 1 },
        goal: { atMost: GOAL_SECONDS },
      }),
    ];
  },
} satisfies Benchmark;
