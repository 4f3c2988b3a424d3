import { afterAll, beforeAll, expect, it } from 'vitest';
import { wakeQueueName } from '#shared/queue';
import { startTestPlatform, type TestPlatform } from '../../faults/platform/platform.ts';
import { storm } from '../../faults/storm.ts';
import { testSeed } from '../../seed.ts';
import { testServer } from '../server.ts';
import { type AwsPlace, placeOnAws } from './place-on-aws.ts';

let place: AwsPlace;
let platform: TestPlatform;
beforeAll(async () => {
  place = await placeOnAws(testServer());
  platform = await startTestPlatform({ place });
});
afterAll(() => platform?.remove());

const seed = testSeed();

it(`2,000 deliveries on S3 and SQS, four workers of which some die, every request twice and in any order, wake-ups dropped (seed ${seed})`, async () => {
  await storm(platform, { fans: 160, chains: 200, seed, limitMs: 180_000 });
  const { prefix } = place.provisioned;
  expect(await place.provisioned.deadLetters(wakeQueueName(prefix, 'light'))).toEqual([]);
  // An artifact of each step and a product of each run, and nothing else.
  expect(await place.stored.keys()).toHaveLength(200 * 3);
  expect(await place.artifacts.removeUnfinished({ olderThanMs: -60_000, mode: 'count' })).toBe(0);
}, 240_000);
