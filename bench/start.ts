import { join } from 'node:path';
import { type Benchmark, measured, median } from './benchmark.ts';
import { startPlatform } from './platform/platform.ts';

const ROUNDS = 3;

/** From `npm start` to the first answer of `/ready`, when the data folder and the compile cache are there. */
export default {
  name: 'start',
  async run({ scratch }) {
    const dataDir = join(scratch, 'data');
    const startOnce = async (): Promise<number> => {
      const platform = await startPlatform(dataDir);
      await platform.stop();
      return platform.seconds;
    };
    const cold = await startOnce();
    const warm: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) warm.push(await startOnce());
    return [
      measured({ what: 'start to ready, new data folder', value: cold, unit: 's', digits: 2 }),
      measured({
        ...{ what: 'start to ready, warm', value: median(warm), unit: 's', digits: 2 },
        goal: { atMost: 4 },
      }),
    ];
  },
} satisfies Benchmark;
