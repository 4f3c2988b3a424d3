import { expect } from 'vitest';
import { type Approach, comes, inState, started } from './approach.ts';

export const drained: Approach = async (platform, group) => {
  await inState(platform, await started(platform, 'takes a while'), 'leased');
  group.worker.signal('SIGTERM');
  return {};
};

/** A worker dies and nobody saw it: only the silence of its lease tells. */
export const lost: Approach = async (platform, group) => {
  const { worker } = group;
  await inState(platform, await started(platform, 'takes a while'), 'leased');
  platform.forget(worker);
  await worker.kill();
  await platform.rows(`update ledger.host set renewed_at = renewed_at - interval '1 minute' where id = $1`, [
    worker.host,
  ]);
  group.worker = await platform.start('worker');
  return {};
};

export const stranded: Approach = async (platform) => {
  platform.faults.ask('settle.looked', 'throw');
  await started(platform, 'does its work');
  return {};
};

export const ticked: Approach = async (platform) => {
  await comes(platform, 'tick-step');
  return {};
};

/** Three that ask for what is granted once in 300 ms. */
export const limited: Approach = async (platform) => {
  const runs = await Promise.all([1, 2, 3].map(() => started(platform, 'asks a provider')));
  return {
    async afterwards(settled) {
      await settled();
      // A limit is no failure of one's own: nothing says that an attempt failed of it.
      expect(
        await platform.rows(
          `select from ledger.attempt where run = any ($1) and outcome <> 'postponed' and error ->> 'code' like 'provider-%'`,
          [runs],
        ),
      ).toEqual([]);
      const states = await platform.rows('select distinct state from ledger.run where id = any ($1)', [runs]);
      expect(states).toEqual([{ state: 'completed' }]);
    },
  };
};
