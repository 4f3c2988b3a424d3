import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../faults/platform/platform.ts';
import { lateWorkerIsRefused, stoppedWithTheFence } from '../../faults/zombies.ts';
import { testServer } from '../server.ts';
import { placeOnAws } from './place-on-aws.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ place: await placeOnAws(testServer()) });
});
afterAll(() => platform?.remove());
afterEach(() => platform.reset());

describe('a worker on S3 and SQS that is stopped past its lease', () => {
  it('wakes, tries to commit, and is refused; nothing of it replaces what the winner made', async () => {
    await lateWorkerIsRefused(platform);
  }, 180_000);

  it('while its commit holds the fence: whoever commits, the effect appears once', async () => {
    await stoppedWithTheFence(platform);
  });
});
