import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '#shared/telemetry';
import { createUnknownClaims } from './unknown-claims.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('is not asked for again while an earlier answer is on its way: who waited for that one claims by then', async () => {
  const asked: PromiseWithResolvers<number>[] = [];
  const unknown = createUnknownClaims({
    work: {
      disown() {
        const answer = Promise.withResolvers<number>();
        asked.push(answer);
        return answer.promise;
      },
    },
    ...{ host: 'host', lane: 'light', known: () => [], isClaiming: () => false },
    log: createLog({ service: 'test', level: 'silent' }),
  });
  unknown.suspect();
  const settled = unknown.settled();
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve(0);
  await settled;
  // That answer took long: the next question waits the longer.
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveLength(2);
  unknown.stop();
});
