import { afterAll, beforeAll, it } from 'vitest';
import { testSeed } from '../seed.ts';
import { startTestPlatform, type TestPlatform } from './platform/platform.ts';
import { storm } from './storm.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

const seed = testSeed();

it(`10,000 deliveries, four workers of which some die, every request twice and in any order, wake-ups dropped (seed ${seed})`, async () => {
  await storm(platform, { fans: 1_000, chains: 0, seed, limitMs: 240_000 });
}, 300_000);
