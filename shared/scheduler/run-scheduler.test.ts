import { expect, it } from 'vitest';
import type { Housekeeping } from '#shared/ledger';
import { runScheduler } from './index.ts';

it('ends with the duty in hand when it is told to end, not with the next turn of that duty', async () => {
  const stop = new AbortController();
  const answered = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let settles = 0;
  const nothing = async (): Promise<void> => undefined;
  const housekeeping: Housekeeping = {
    promote: nothing,
    takeOver: nothing,
    tick: nothing,
    watchClock: nothing,
    dueLanes: async () => [],
    settleStranded() {
      settles += 1;
      begun.resolve();
      return answered.promise;
    },
  };
  const ended = runScheduler({
    housekeeping,
    wake: () => undefined,
    log: { warn: () => undefined },
    signal: stop.signal,
  });
  await begun.promise;
  stop.abort();
  answered.resolve();
  // Its turn comes every five seconds.
  const late = new Promise((resolve) => setTimeout(resolve, 2_500, 'late').unref());
  expect(await Promise.race([ended, late])).toBeUndefined();
  expect(settles).toBe(1);
});
