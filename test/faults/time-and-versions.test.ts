import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { syncTopology } from '#shared/ledger';
import { thirdStep } from './chain/third-step.ts';
import { chain } from './chain/topology.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());
afterEach(() => platform.reset());

describe('ledger time', () => {
  it('jumps an hour ahead and two back under load: all is done once, nothing waits for the hour', async () => {
    let worker: Role | undefined;
    // A lease that the jump made old ends its worker; a supervisor starts another.
    const supervise = async () => {
      if (worker === undefined || !platform.isAlive(worker)) worker = await platform.start('worker');
    };
    await Promise.all([platform.start('scheduler'), supervise()]);
    for (const shift of [3_600_000, -3_600_000, 0]) {
      for (let at = 0; at < 10; at += 1)
        await platform.ledger.publish(chainRun(at % 3 === 0 ? 'fails once' : 'takes a while'));
      await sleep(300);
      await platform.rows(`select setval('ledger.clock_shift', $1)`, [shift]);
      await sleep(2_500);
      await supervise();
    }
    await platform.settled(60_000, supervise);
    expect(await platform.rows(`select distinct state from ledger.run`)).toEqual([{ state: 'completed' }]);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
  }, 90_000);
});

describe('an old and a new version side by side', () => {
  it('what an old worker publishes reaches a function that only the new one has', async () => {
    await Promise.all([platform.start('scheduler'), platform.start('worker')]);
    for (let at = 0; at < 10; at += 1) await platform.ledger.publish(chainRun('takes a while'));
    await sleep(200);
    await syncTopology(platform.pool, { ...chain, functions: [...chain.functions, thirdStep] });
    const after = await Promise.all(
      Array.from({ length: 10 }, async () => (await platform.ledger.publish(chainRun())).run),
    );
    await platform.start('worker', { version: 'new' });
    await platform.settled(30_000);
    const third = await platform.rows<{ run: string }>(
      `select run from ledger.delivery where function = 'third-step' and state = 'done' and run = any ($1)`,
      [after],
    );
    expect(third.map(({ run }) => run).sort()).toEqual([...after].sort());
    // Events from before the deployment have no delivery for a function that was not there.
    await expectGuarantees({
      pool: platform.pool,
      objects: platform.objects,
      except: ['1 an event lacks a delivery'],
    });
  });

  it('a function with open work cannot be taken away', async () => {
    await platform.ledger.publish(chainRun());
    const without = { ...chain, functions: chain.functions.filter(({ name }) => name !== 'first-step') };
    await expect(syncTopology(platform.pool, without)).rejects.toThrow(/open deliveries/);
  });
});
