import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { numbersFrom, testSeed } from '../seed.ts';
import { startCuttingProxy } from './platform/cutting-proxy.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());
afterEach(() => platform.reset());

const seed = testSeed();
const LOAD = 40;

/** Asks the ingress for so many runs, each again until it is answered, as clients with a key do. */
async function underLoad(ingress: Role): Promise<void> {
  await Promise.all(
    Array.from({ length: LOAD }, async (_, at) => {
      await sleep(at * 50);
      const request = {
        ...chainRun('takes a while'),
        idempotency: { key: `load-${at}`, requestHash: 'same' },
      };
      for (let attempt = 1; attempt < 50; attempt += 1) {
        try {
          await ingress.order({ kind: 'publish', request });
          return;
        } catch {
          await sleep(200);
        }
      }
      throw new Error('a client got no answer in fifty attempts');
    }),
  );
}

/** A worker that the loss of its lease ended is started again, as the product's supervisor does. */
function keptAlive(): () => Promise<void> {
  let worker: Role | undefined;
  return async () => {
    if (worker === undefined || !platform.isAlive(worker)) worker = await platform.start('worker');
  };
}

async function allOnce(meanwhile: () => Promise<void>): Promise<void> {
  await platform.settled(60_000, meanwhile);
  expect(await platform.rows(`select distinct state from ledger.run`)).toEqual([{ state: 'completed' }]);
  expect(await platform.rows('select from effect')).toHaveLength(2 * LOAD);
  await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
}

describe('under load', () => {
  it('Postgres killed and started again three times: all is done once', async () => {
    const supervise = keptAlive();
    const [ingress] = await Promise.all([
      platform.start('ingress'),
      platform.start('scheduler'),
      supervise(),
    ]);
    const asked = underLoad(ingress);
    for (let death = 0; death < 3; death += 1) {
      await sleep(700);
      await platform.crashDatabase();
    }
    await asked;
    await allOnce(supervise);
  }, 120_000);

  it('every session ended by the server, again and again: all is done once', async () => {
    const supervise = keptAlive();
    const [ingress] = await Promise.all([
      platform.start('ingress'),
      platform.start('scheduler'),
      supervise(),
    ]);
    const asked = underLoad(ingress);
    for (let cut = 0; cut < 15; cut += 1) {
      await sleep(150);
      await platform.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and application_name <> 'faults test' and backend_type = 'client backend'`,
      );
    }
    await asked;
    await allOnce(supervise);
  }, 120_000);

  it(`the answer of COMMIT lost one time in five: all is done once (seed ${seed})`, async () => {
    const numbers = numbersFrom(`${seed} commits`);
    const proxy = await startCuttingProxy(platform.url(), () => numbers.next().value % 5 === 0);
    try {
      const { url: databaseUrl } = proxy;
      const [ingress] = await Promise.all([
        platform.start('ingress', { databaseUrl }),
        platform.start('scheduler', { databaseUrl }),
        platform.start('worker', { databaseUrl }),
      ]);
      await underLoad(ingress);
      await allOnce(async () => undefined);
      expect(proxy.cut()).toBeGreaterThan(10);
      await platform.killAll();
    } finally {
      await proxy.close();
    }
  }, 120_000);
});
