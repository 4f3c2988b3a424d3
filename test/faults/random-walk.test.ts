import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { numbersFrom, testSeed } from '../seed.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { startTestPlatform, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';
import { RunModel } from './run-model.ts';
import { mishaps, requests, resumeAll, type Walk, walkers } from './walk-steps.ts';

const seed = testSeed();
/** Thirty seconds; a nightly run sets more. */
const seconds = Number(process.env['FAULTS_WALK_SECONDS'] ?? 30);
const numbers = numbersFrom(`${seed} walk`);
const below = (limit: number): number => numbers.next().value % limit;

/** Requests are common, deaths are rare, an outage of the database rarer. */
const asked = [
  ...Array<string>(8).fill('publish'),
  ...['cancel', 'cancel', 'retry', 'retryDelivery', 'retryMany', 'replay', 'replay', 'pause'],
  ...['resume', 'resume', 'resume'],
];
const happens = [...Object.keys(mishaps), 'killWorker'];

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());

it(
  `walks at random over requests, deaths and outages for ${seconds} s, and the ledger agrees with a plain model (seed ${seed})`,
  async () => {
    const roles = new Map<(typeof walkers)[number], Role>();
    const revive = async (): Promise<void> => {
      for (const name of walkers) {
        const role = roles.get(name);
        if (role === undefined || !platform.isAlive(role))
          roles.set(name, await platform.start(name === 'second worker' ? 'worker' : name));
      }
    };
    await revive();
    const model = new RunModel();
    const walk: Walk = { platform, model, roles, below };
    const walked: Record<string, number> = {};
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      const [steps, names] = below(10) === 0 ? [mishaps, happens] : [requests, asked];
      const name = names[below(names.length)] ?? 'publish';
      walked[name] = (walked[name] ?? 0) + 1;
      await steps[name]?.(walk);
      if (below(4) === 0) await revive();
      await sleep(below(40));
    }
    await revive();
    await resumeAll(walk);
    await platform.rows(`select setval('ledger.clock_shift', 0)`);
    await platform.settled(90_000, revive);
    const rows = await platform.rows<{ id: string; state: string }>(
      `select id, state from ledger.run where flow = 'video'`,
    );
    expect(model.contradictions(new Map(rows.map(({ id, state }) => [id, state])))).toEqual([]);
    // Else it went nowhere.
    expect(Object.keys(walked).length).toBeGreaterThan(10);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
  },
  (seconds + 150) * 1_000,
);
