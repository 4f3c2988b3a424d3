import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../end-to-end/processes.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, startTestPlatform, type TestPlatform } from './platform/platform.ts';
import { lateWorkerIsRefused, leftAside, stoppedWithTheFence } from './zombies.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.remove());
afterEach(() => platform.reset());

/** One worker on which `supervise` keeps an eye: it is started again whenever it has died. */
async function supervised(): Promise<() => Promise<void>> {
  let worker = await platform.start('worker');
  return async () => {
    if (!platform.isAlive(worker)) worker = await platform.start('worker');
  };
}

const states = async () =>
  Object.fromEntries(
    (
      await platform.rows<{ title: string; state: string }>(
        'select title, min(state) || max(state) as state from ledger.run group by 1',
      )
    ).map(({ title, state }) => [title, state]),
  );

describe('a worker that is stopped past its lease', () => {
  it('wakes, tries to commit, and is refused; nothing of it replaces what the winner made', async () => {
    await lateWorkerIsRefused(platform);
  }, 180_000);

  it('while its commit holds the fence: whoever commits, the effect appears once', async () => {
    await stoppedWithTheFence(platform);
  });
});

describe('a worker that dies with bytes stored aside', () => {
  it('the attempt that commits removes them: the store holds what was committed and nothing else', async () => {
    await platform.start('scheduler');
    const supervise = await supervised();
    platform.faults.ask('handle.done', 'kill');
    await platform.ledger.publish(chainRun());
    await platform.faults.taken('handle.done', 'kill');
    expect(await leftAside(platform)).toBe(1);
    await platform.settled(60_000, supervise);
    await until({
      what: 'nothing lies aside',
      limitMs: 30_000,
      look: async () => (await leftAside(platform)) === 0,
    });
    expect(await platform.rows('select from ledger.delivery where lost = 1')).toHaveLength(1);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects });
  });
});

describe('a cancel', () => {
  it('is seen by the work within a second, whenever it comes', async () => {
    await Promise.all([platform.start('scheduler'), platform.start('worker')]);
    const took: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      const { run } = await platform.ledger.publish(chainRun('takes long'));
      const aside = (count: number) => ({
        limitMs: 30_000,
        everyMs: 10,
        look: async () => (await leftAside(platform)) === count,
      });
      await until({ what: 'it works', ...aside(1) });
      const asked = performance.now();
      await platform.ledger.cancelRun({ run });
      // It lets go of what it stored.
      await until({ what: 'the end of the work', ...aside(0) });
      took.push(performance.now() - asked);
    }
    // The median, and room for a machine that does much else: who misses a look hears of it ten seconds later.
    expect(took.sort((a, b) => a - b)[2]).toBeLessThan(4_000);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects });
  });
});

describe('a poisonous delivery', () => {
  async function amongNeighbours(topic: string, limitMs: number) {
    await platform.start('scheduler');
    const supervise = await supervised();
    const runs = [...Array(10).fill('takes a while'), topic, ...Array(10).fill('does its work')];
    for (const each of runs) await platform.ledger.publish(chainRun(each));
    await platform.settled(limitMs, supervise);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects, leftovers: true });
    return states();
  }

  const neighbours = { 'takes a while': 'completedcompleted', 'does its work': 'completedcompleted' };

  it('by exception is dead, says why, and its neighbours complete', async () => {
    expect(await amongNeighbours('fails for good', 60_000)).toEqual({
      ...neighbours,
      'fails for good': 'failedfailed',
    });
  });

  it('by death of its process is dead after five losses alone, and its neighbours complete', async () => {
    expect(await amongNeighbours('dies', 60_000)).toEqual({ ...neighbours, dies: 'failedfailed' });
    const [row] = await platform.rows<{ lost: number; code: string; attempts: number }>(
      `select lost, attempts, error ->> 'code' as code from ledger.delivery where state = 'dead'`,
    );
    expect(row).toEqual({ lost: 6, attempts: 0, code: 'host-lost' });
  }, 90_000);

  it('by hanging without a look at its signal loses its process, and its neighbours complete', async () => {
    expect(await amongNeighbours('hangs', 120_000)).toEqual({ ...neighbours, hangs: 'failedfailed' });
  }, 150_000);
});

describe('SIGTERM', () => {
  it('of a worker with its slots full and a queue behind: all is done once, by it or by the next', async () => {
    await platform.start('scheduler');
    const leaving = await platform.start('worker');
    for (let at = 0; at < 20; at += 1) await platform.ledger.publish(chainRun('takes a while'));
    await until({
      what: 'it works',
      limitMs: 30_000,
      look: async () =>
        (await platform.rows(`select from ledger.delivery where state = 'leased'`)).length >= 8,
    });
    leaving.signal('SIGTERM');
    expect(await leaving.ended).toBe(0);
    expect(await platform.rows(`select from ledger.delivery where state = 'leased'`)).toHaveLength(0);
    await platform.start('worker');
    await platform.settled(60_000);
    // What it gave back is counted neither as a failure nor as a loss.
    expect(await platform.rows('select from ledger.delivery where attempts > 0 or lost > 0')).toHaveLength(0);
    await expectGuarantees({ pool: platform.pool, objects: platform.objects });
  });
});
