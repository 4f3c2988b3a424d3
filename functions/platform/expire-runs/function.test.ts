import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedgerRetention } from '#shared/ledger';
import type { Upkeep } from '#shared/retention';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import type { LedgerFixture } from '../../../test/ledger-fixture.ts';
import { type Installation, openInstallation } from './testing/installation.ts';

let here: Installation;
let fixture: LedgerFixture;
let store: ObjectStore;
beforeEach(async () => {
  here = await openInstallation();
  ({ fixture, store } = here);
});
afterEach(() => here.close());

describe('expire-runs', () => {
  it('keeps runs for ever where no time is set, and sweeps leftovers', async () => {
    const { run, product, leftover } = await here.settledRun();
    await fixture.shiftClock('1000 days');
    expect(await here.work(here.upkeep())).toEqual({
      erased: 0,
      runs: 0,
      looked: 2,
      leftovers: 1,
      isFinished: true,
    });
    expect(await fixture.ledger.getRun(run)).toBeDefined();
    expect(await here.holds(product, leftover)).toEqual([true, false]);
  });

  it('removes runs past their time with all that they made, and no younger one', async () => {
    const old = [await here.settledRun(), await here.settledRun('bob')];
    await fixture.shiftClock('31 days');
    const young = await here.settledRun();
    const running = await fixture.start();
    expect(await here.work(here.upkeep({ keepRunsDays: 30, days: 0 }))).toMatchObject({
      runs: 2,
      isFinished: true,
    });
    for (const { run, product } of old) {
      expect(await fixture.ledger.getRun(run)).toBeUndefined();
      expect(await here.holds(product)).toEqual([false]);
    }
    expect(await here.holds(young.product, young.leftover)).toEqual([true, true]);
    expect(await fixture.ledger.getRun(running)).toMatchObject({ state: 'running' });
  });

  it('removes more than one piece holds', async () => {
    for (let index = 0; index < 60; index += 1) {
      await fixture.ledger.cancelRun({ run: await fixture.start() });
    }
    await fixture.shiftClock('31 days');
    expect(await here.work(here.upkeep({ keepRunsDays: 30 }))).toMatchObject({ runs: 60, isFinished: true });
  });

  it('ends within its time, each part having had its turn; the next tick goes on where it stopped', async () => {
    for (let index = 0; index < 1_200; index += 1) await store.put(`runs/stray/${index}/x`, Buffer.from('x'));
    const reply = await here.work(here.upkeep(), { stepMs: 100_000 });
    expect(reply).toEqual({ erased: 0, runs: 0, looked: 500, leftovers: 0, isFinished: false });
    expect(await here.work(here.upkeep(), { stepMs: 100_000 })).toMatchObject({
      looked: 500,
      isFinished: false,
    });
    expect(await here.work(here.upkeep(), { stepMs: 100_000 })).toMatchObject({
      looked: 200,
      isFinished: true,
    });
    expect(await here.work(here.upkeep())).toMatchObject({ looked: 1_200, isFinished: true });
  });

  it.each([200, 2_000])(
    'lists as many pages an hour with ten times as many objects: with %i of them',
    async (count) => {
      for (let index = 0; index < count; index += 1)
        await store.put(`runs/stray/${index}/x`, Buffer.from('x'));
      let lists = 0;
      // Pages of one, so that a few objects are many pages.
      const counting: ObjectStore = {
        ...store,
        list: (prefix, options) => {
          lists += 1;
          return store.list(prefix, { ...options, limit: 1 });
        },
      };
      const perHour: number[] = [];
      for (let hour = 0; hour < 3; hour += 1) {
        const before = lists;
        // However often somebody comes within the hour.
        for (let time = 0; time < 3; time += 1) await here.work(here.upkeep({ store: counting, pages: 1 }));
        perHour.push(lists - before);
        await fixture.shiftClock('1 hour');
      }
      // One for each minute, and the one with which it began.
      expect(perHour).toEqual([61, 60, 60]);
    },
  );

  it('goes on with an erasure that a crash interrupted: rows, products, leftovers and what lies in the inbox', async () => {
    const mine = [await here.settledRun('eve'), await here.settledRun('eve')];
    const theirs = await here.settledRun('bob');
    await fixture.start({ owner: 'eve' });
    const inbox = await createFilesystemStore({ root: join(here.folder, 'inbox') });
    for (const owner of ['eve', 'bob']) await inbox.put(`scripts/${owner}/a.md`, Buffer.from('# A'));
    const ledger = createLedgerRetention({ pool: fixture.pool });
    await ledger.requestErasure({ account: 'eve', by: 'eve' });
    // It died when the objects of some runs were gone, and before their rows.
    const [doomed] = await ledger.doomedRuns({ account: 'eve', limit: 1 });
    await store.remove(`output/${doomed?.run}/video.mp4`);

    expect(await here.work(here.upkeep({ days: 0 }))).toMatchObject({ erased: 3, isFinished: true });
    expect(await ledger.listErasures()).toMatchObject([{ account: 'eve', finishedAt: expect.any(Date) }]);
    for (const one of mine) expect(await here.holds(one.product, one.leftover)).toEqual([false, false]);
    expect(await here.holds(theirs.product, theirs.leftover)).toEqual([true, true]);
    const { objects } = await inbox.list('scripts/');
    expect(objects.map(({ key }) => key)).toEqual(['scripts/bob/a.md']);
    expect(await fixture.rows(`select from ledger.run where owner = 'eve'`)).toEqual([]);
    expect(await here.work(here.upkeep({ days: 0 }))).toMatchObject({ erased: 0, isFinished: true });
  });

  it('stops between two pieces when cancelled', async () => {
    const reason = new Error('cancelled by its owner');
    const controller = new AbortController();
    const real = here.upkeep({ keepRunsDays: 30 });
    const retention: Upkeep = {
      ...real,
      expire() {
        controller.abort(reason);
        return real.expire();
      },
    };
    const { product, leftover } = await here.settledRun();
    await expect(here.work(retention, { signal: controller.signal })).rejects.toBe(reason);
    expect(await here.holds(product, leftover)).toEqual([true, true]);
  });

  it('fails when the store does; what the ledger forgot already goes with a later sweep', async () => {
    const { run, product, leftover } = await here.settledRun();
    await fixture.shiftClock('31 days');
    const failing: ObjectStore = {
      ...store,
      remove: async () => {
        throw new Error('the disk is gone');
      },
    };
    await expect(here.work(here.upkeep({ keepRunsDays: 30, store: failing }))).rejects.toThrow(
      'the disk is gone',
    );
    expect(await fixture.ledger.getRun(run)).toBeUndefined();
    expect(await here.work(here.upkeep({ keepRunsDays: 30 }))).toMatchObject({
      leftovers: 2,
      isFinished: true,
    });
    expect(await here.holds(product, leftover)).toEqual([false, false]);
  });
});
