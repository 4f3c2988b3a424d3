import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Group } from './approaches/approach.ts';
import { deaths } from './deaths.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import type { Order } from './platform/messages.ts';
import { startTestPlatform, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';

/** How long a client asks again. */
const INSIST_MS = 60_000;
const names = ['worker', 'scheduler', 'ingress'] as const;

/** A platform that a file's tests let die, again and again, at one named point after the other. */
export interface Dying {
  platform(): TestPlatform;
  /** Leads to the point, lets die what dies there, starts it again, and expects all guarantees to hold. */
  dieAt(
    point: string,
    fault: 'kill' | 'hold',
    death?: (others: readonly Role[]) => Promise<void>,
  ): Promise<void>;
}

export function useDyingPlatform(open: () => Promise<TestPlatform> = startTestPlatform): Dying {
  let platform: TestPlatform;
  let group: Group;
  let reviving: Promise<void> | undefined;

  beforeAll(async () => {
    platform = await open();
    group = await startGroup();
  });
  afterAll(() => platform?.remove());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    // What one failure left must not make the next one.
    await platform.reset();
    group = await startGroup();
  });

  async function startGroup(): Promise<Group> {
    const [worker, scheduler, ingress] = await Promise.all([
      platform.start('worker'),
      platform.start('scheduler'),
      platform.start('ingress'),
    ]);
    return { worker, scheduler, ingress };
  }

  /** Starts again what has died. */
  function revive(): Promise<void> {
    reviving ??= Promise.all(
      names.map(async (name) => {
        if (!platform.isAlive(group[name])) group[name] = await platform.start(name);
      }),
    )
      .then(() => undefined)
      .finally(() => {
        reviving = undefined;
      });
    return reviving;
  }

  /** Asks as a client does that got no answer: the same thing again. */
  async function insist(order: Order): Promise<void> {
    const end = performance.now() + INSIST_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!platform.isAlive(group.ingress)) await revive();
        await group.ingress.order(order);
        return;
      } catch (error) {
        // A retry that held although its answer was lost.
        if (attempt > 1 && /is (not )?dead/.test((error as Error).message)) return;
        if (performance.now() > end) throw error;
        // A process that starts while Postgres is still away ends at once, and is started again.
        await sleep(100);
      }
    }
  }

  return {
    platform: () => platform,
    async dieAt(point, fault, death = async () => undefined) {
      platform.faults.clear();
      const approach = deaths[point];
      if (approach === undefined) throw new Error(`nothing leads to ${point}`);
      // Before the approach: some of it happens in the background as soon as there is work.
      platform.faults.ask(point, fault);
      const { order, afterwards } = await approach(platform, group);
      const answered = order === undefined ? undefined : insist(order);
      const refused = new Promise<never>((_, reject) => answered?.catch(reject));
      refused.catch(() => undefined);
      const pid = await Promise.race([platform.faults.taken(point, fault), refused]);
      const at = names.map((name) => group[name]).find((role) => role.pid === pid);
      if (fault === 'kill') await at?.ended;
      await death(names.map((name) => group[name]).filter((role) => role !== at));
      platform.faults.release(point);
      await revive();
      await answered;
      const settled = () => platform.settled(60_000, revive);
      await afterwards?.(settled);
      await settled();
      await expectGuarantees({ pool: platform.pool, objects: platform.stored, leftovers: true });
    },
  };
}
