import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { newRunId } from '#shared/ledger';
import { type Approach, inState, started } from './approach.ts';

export const cancelled: Approach = async (platform) => {
  const run = await started(platform, 'takes long');
  await inState(platform, run, 'leased');
  return { order: { kind: 'cancel', run } };
};

export const retried: Approach = async (platform) => {
  const run = await started(platform, 'fails for good');
  await inState(platform, run, 'failed');
  return { order: { kind: 'retry', run, function: 'first-step' } };
};

export const retriedDelivery: Approach = async (platform) => {
  const run = await started(platform, 'fails for good');
  await inState(platform, run, 'failed');
  return { order: { kind: 'retry delivery', run } };
};

/** Two runs: one is retried wholly when it dies before the other. */
export const retriedMany: Approach = async (platform) => {
  const owner = `owner-${newRunId()}`;
  const runs = await Promise.all([1, 2].map(() => started(platform, 'fails for good', owner)));
  for (const run of runs) await inState(platform, run, 'failed');
  return {
    order: { kind: 'retry many', owner },
    async afterwards(settled) {
      await settled();
      const rows = await platform.rows<{ reopened: number }>(
        'select reopened from ledger.run where owner = $1',
        [owner],
      );
      expect(rows).toHaveLength(2);
      for (const { reopened } of rows) expect(reopened).toBeGreaterThanOrEqual(1);
    },
  };
};

export const replayed: Approach = async (platform) => {
  const run = await started(platform, 'does its work');
  await inState(platform, run, 'completed');
  return {
    order: { kind: 'replay', run, from: 'second-step', key: newRunId() },
    async afterwards() {
      expect(await platform.rows('select from ledger.run where forked_from = $1', [run])).toHaveLength(1);
    },
  };
};

/** A queue stands when the brake comes on. */
export const paused: Approach = async (platform) => {
  await Promise.all(Array.from({ length: 12 }, () => started(platform, 'takes a while')));
  return {
    order: { kind: 'pause', name: 'first-step' },
    async afterwards() {
      const late = await started(platform, 'does its work');
      await sleep(100);
      // Asked whether or not its first answer came: it is on, and whole.
      expect(
        await platform.rows(
          `select from ledger.delivery where function = 'first-step' and open and later_at is null
             and state = 'due' and lane <> '(paused)'`,
        ),
      ).toEqual([]);
      await inState(platform, late, 'due');
      await platform.operations.resume({ name: 'first-step' });
    },
  };
};

export const resumed: Approach = async (platform) => {
  await platform.operations.pause({ name: 'first-step', by: 'ann', reason: 'a test' });
  const run = await started(platform, 'does its work');
  return {
    order: { kind: 'resume', name: 'first-step' },
    async afterwards(settled) {
      await settled();
      expect((await platform.ledger.getRun(run))?.state).toBe('completed');
    },
  };
};

export const deployed: Approach = async (platform) => {
  await started(platform, 'takes a while');
  return { order: { kind: 'deploy' } };
};
