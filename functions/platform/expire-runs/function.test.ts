import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPeopleErasure } from '#shared/erasure';
import { eventCatalogue } from '#shared/events';
import type { FunctionInput, ReceivedEvent } from '#shared/function';
import { eraseFromInbox } from '#shared/inbox';
import {
  commandIds,
  createCommandLedger,
  createLedgerRetention,
  type NewEvent,
  SCHEDULE_OWNER,
} from '#shared/ledger';
import { createUpkeep, type Upkeep } from '#shared/retention';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { readTopology } from '#shared/topology';
import { commitOf, createLedgerFixture, type LedgerFixture } from '../../../test/ledger-fixture.ts';
import definition from './function.ts';

const topology = readTopology({ path: fileURLToPath(new URL('../../../events.yaml', import.meta.url)) });
const DAY_MS = 86_400_000;

let fixture: LedgerFixture;
let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  fixture = await createLedgerFixture(topology);
  folder = await mkdtemp(join(tmpdir(), 'expire-runs-'));
  store = await createFilesystemStore({ root: join(folder, 'objects') });
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the installation removes, as seen so many days ahead. */
function upkeep(
  rules: { keepRunsDays?: number; days?: number; store?: ObjectStore; pages?: number } = {},
): Upkeep {
  const { keepRunsDays, days = 8, store: other = store, pages = 6 } = rules;
  const clock = { now: () => new Date(Date.now() + days * DAY_MS) };
  const ledger = createLedgerRetention({ pool: fixture.pool });
  const eraseInbox = (account: string) =>
    eraseFromInbox({ root: join(folder, 'inbox'), account, drops: { owners: 'prefix', owner: 'me' } });
  const rest = { keepRunsDays, leftoverDays: 7, sweepPagesPerMinute: pages };
  const people = createPeopleErasure({ pool: fixture.pool });
  return createUpkeep({ ledger, people, store: other, eraseInbox, clock, ...rest });
}

/** Calls the handler on a tick; `stepMs` is what its clock moves with each look. */
async function work(
  retention: Upkeep,
  { signal = new AbortController().signal, stepMs = 0 }: { signal?: AbortSignal; stepMs?: number } = {},
): Promise<unknown> {
  let now = 0;
  const event = { id: 'an-event', type: 'schedule.ticked', key: undefined } as const;
  const ticked: ReceivedEvent<'schedule.ticked'> = {
    ...event,
    data: eventCatalogue['schedule.ticked'].example,
  };
  const input: FunctionInput<'schedule.ticked'> = {
    run: { id: 'a-run', owner: SCHEDULE_OWNER, title: 'a tick' },
    delivery: { id: 'a-delivery', attempt: 1, key: undefined },
    one: () => ticked as never,
    all: () => [ticked] as never,
  };
  const never = (): never => {
    throw new Error('not needed');
  };
  const { reply } = await definition.handle(input, {
    retention,
    signal,
    clock: {
      now: () => {
        now += stepMs;
        return new Date(now);
      },
    },
    progress: () => undefined,
    log: { info: () => undefined, warn: () => undefined },
    provider: never,
    random: { next: () => 0.5 },
    workdir: folder,
    put: never,
    fetch: never,
    place: never,
  });
  return reply;
}

/** Cancelled at once, as settled as any other; with a product and a leftover. */
async function settledRun(owner = 'alice'): Promise<{ run: string; product: string; leftover: string }> {
  const run = await fixture.start({ owner });
  await fixture.ledger.cancelRun({ run });
  const [delivery] = await fixture.ledger.deliveriesOf([run]);
  const product = `output/${run}/video.mp4`;
  const leftover = `runs/${run}/${delivery?.id}/1-abcdefabcd/narration.wav`;
  for (const key of [product, leftover]) await store.put(key, Buffer.from('x'));
  return { run, product, leftover };
}
const there = async (...keys: string[]) =>
  (await Promise.all(keys.map((key) => store.head(key)))).map((found) => found !== undefined);

describe('expire-runs', () => {
  it('keeps runs for ever where no time is set, and sweeps leftovers', async () => {
    const { run, product, leftover } = await settledRun();
    await fixture.shiftClock('1000 days');
    expect(await work(upkeep())).toEqual({
      erased: 0,
      runs: 0,
      looked: 2,
      leftovers: 1,
      isFinished: true,
    });
    expect(await fixture.ledger.getRun(run)).toBeDefined();
    expect(await there(product, leftover)).toEqual([true, false]);
  });

  it('removes runs past their time with all that they made, and no younger one', async () => {
    const old = [await settledRun(), await settledRun('bob')];
    await fixture.shiftClock('31 days');
    const young = await settledRun();
    const running = await fixture.start();
    expect(await work(upkeep({ keepRunsDays: 30, days: 0 }))).toMatchObject({ runs: 2, isFinished: true });
    for (const { run, product } of old) {
      expect(await fixture.ledger.getRun(run)).toBeUndefined();
      expect(await there(product)).toEqual([false]);
    }
    expect(await there(young.product, young.leftover)).toEqual([true, true]);
    expect(await fixture.ledger.getRun(running)).toMatchObject({ state: 'running' });
  });

  it('removes more than one piece holds', async () => {
    for (let index = 0; index < 60; index += 1) {
      await fixture.ledger.cancelRun({ run: await fixture.start() });
    }
    await fixture.shiftClock('31 days');
    expect(await work(upkeep({ keepRunsDays: 30 }))).toMatchObject({ runs: 60, isFinished: true });
  });

  it('ends within its time, each part having had its turn; the next tick goes on where it stopped', async () => {
    for (let index = 0; index < 1_200; index += 1) await store.put(`runs/stray/${index}/x`, Buffer.from('x'));
    const reply = await work(upkeep(), { stepMs: 100_000 });
    expect(reply).toEqual({ erased: 0, runs: 0, looked: 500, leftovers: 0, isFinished: false });
    expect(await work(upkeep(), { stepMs: 100_000 })).toMatchObject({ looked: 500, isFinished: false });
    expect(await work(upkeep(), { stepMs: 100_000 })).toMatchObject({ looked: 200, isFinished: true });
    expect(await work(upkeep())).toMatchObject({ looked: 1_200, isFinished: true });
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
        for (let time = 0; time < 3; time += 1) await work(upkeep({ store: counting, pages: 1 }));
        perHour.push(lists - before);
        await fixture.shiftClock('1 hour');
      }
      // One for each minute, and the one with which it began.
      expect(perHour).toEqual([61, 60, 60]);
    },
  );

  it('goes on with an erasure that a crash interrupted: rows, products, leftovers and what lies in the inbox', async () => {
    const mine = [await settledRun('eve'), await settledRun('eve')];
    const theirs = await settledRun('bob');
    await fixture.start({ owner: 'eve' });
    const inbox = await createFilesystemStore({ root: join(folder, 'inbox') });
    for (const owner of ['eve', 'bob']) await inbox.put(`scripts/${owner}/a.md`, Buffer.from('# A'));
    const ledger = createLedgerRetention({ pool: fixture.pool });
    await ledger.requestErasure({ account: 'eve', by: 'eve' });
    // It died when the objects of some runs were gone, and before their rows.
    const [doomed] = await ledger.doomedRuns({ account: 'eve', limit: 1 });
    await store.remove(`output/${doomed?.run}/video.mp4`);

    expect(await work(upkeep({ days: 0 }))).toMatchObject({ erased: 3, isFinished: true });
    expect(await ledger.listErasures()).toMatchObject([{ account: 'eve', finishedAt: expect.any(Date) }]);
    for (const one of mine) expect(await there(one.product, one.leftover)).toEqual([false, false]);
    expect(await there(theirs.product, theirs.leftover)).toEqual([true, true]);
    const { objects } = await inbox.list('scripts/');
    expect(objects.map(({ key }) => key)).toEqual(['scripts/bob/a.md']);
    expect(await fixture.rows(`select from ledger.run where owner = 'eve'`)).toEqual([]);
    expect(await work(upkeep({ days: 0 }))).toMatchObject({ erased: 0, isFinished: true });
  });

  it('stops between two pieces when cancelled', async () => {
    const reason = new Error('cancelled by its owner');
    const controller = new AbortController();
    const real = upkeep({ keepRunsDays: 30 });
    const retention: Upkeep = {
      ...real,
      expire() {
        controller.abort(reason);
        return real.expire();
      },
    };
    const { product, leftover } = await settledRun();
    await expect(work(retention, { signal: controller.signal })).rejects.toBe(reason);
    expect(await there(product, leftover)).toEqual([true, true]);
  });

  it('fails when the store does; what the ledger forgot already goes with a later sweep', async () => {
    const { run, product, leftover } = await settledRun();
    await fixture.shiftClock('31 days');
    const failing: ObjectStore = {
      ...store,
      remove: async () => {
        throw new Error('the disk is gone');
      },
    };
    await expect(work(upkeep({ keepRunsDays: 30, store: failing }))).rejects.toThrow('the disk is gone');
    expect(await fixture.ledger.getRun(run)).toBeUndefined();
    expect(await work(upkeep({ keepRunsDays: 30 }))).toMatchObject({ leftovers: 2, isFinished: true });
    expect(await there(product, leftover)).toEqual([false, false]);
  });

  it('ticks every hour as a run that settles, is in nobody’s list, and goes after a day; a failed one after a week', async () => {
    await fixture.housekeeping.tick();
    const host = await fixture.host({ lane: 'cpu' });
    const runs: string[] = [];
    for (const end of ['done', 'dead'] as const) {
      await fixture.shiftClock('1 hour');
      await fixture.housekeeping.tick();
      const claim = await fixture.claimOne(host, { lane: 'cpu', functions: ['expire-runs'] });
      const failure = { kind: 'permanent', code: 'broken', message: 'Broken.' } as const;
      if (end === 'done') await fixture.work.commit(commitOf(claim));
      else await fixture.work.fail({ claim, failure, delayMs: 0 });
      runs.push(claim.run);
    }
    const states = async () =>
      (await Promise.all(runs.map((run) => fixture.ledger.getRun(run)))).map((found) => found?.state);
    expect(await states()).toEqual(['completed', 'failed']);
    expect((await fixture.ledger.listRuns({ owner: 'alice', limit: 20 })).runs).toEqual([]);
    expect(await work(upkeep())).toMatchObject({ runs: 0 });
    await fixture.shiftClock('2 days');
    expect(await work(upkeep())).toMatchObject({ runs: 1 });
    expect(await states()).toEqual([undefined, 'failed']);
    await fixture.shiftClock('6 days');
    expect(await work(upkeep())).toMatchObject({ runs: 1 });
    expect(await states()).toEqual([undefined, undefined]);
  });

  it('forgets commands after a day, with the answers that were kept for them, however long runs are kept', async () => {
    const commands = createCommandLedger({
      ...{ pool: fixture.pool, source: topology.source },
      wake: () => undefined,
    });
    const give = async (key: string, events: readonly NewEvent[] = []) => {
      const ids = commandIds({ principal: 'ann', operation: 'user.update', key });
      await commands.commit({
        ...{ ids, type: 'user.update', function: 'update-profile', lane: 'light', owner: 'ann' },
        ...{ data: {}, requestHash: 'h', wallMs: 1, events, reply: { version: 2 } },
        storable: (reply) => reply,
      });
      return ids;
    };
    const user = '00000000-0000-4000-8000-000000000001';
    const mail = {
      type: 'mail.requested',
      data: { user, template: 'verify-email', reference: user },
    } as const;
    const alone = await give('alone', [{ type: 'user.updated', data: { user } }]);
    const failed = await give('failed', [mail]);
    const waiting = await give('waiting', [mail]);
    const host = await fixture.host({ lane: 'light' });
    const claim = await fixture.claimOne(host, { lane: 'light', functions: ['send-email'] });
    expect(claim.run).toBe(failed.run);
    const failure = { kind: 'permanent', code: 'mail-refused', message: 'No.' } as const;
    await fixture.work.fail({ claim, failure, delayMs: 0 });
    const { run: video } = await settledRun();
    const left = async () =>
      (await Promise.all([alone, failed, waiting].map(({ run }) => fixture.ledger.getRun(run)))).map(
        (found) => found?.state,
      );
    expect(await left()).toEqual(['completed', 'failed', 'running']);

    await fixture.shiftClock('23 hours');
    await work(upkeep({ days: 0 }));
    expect(await left()).toEqual(['completed', 'failed', 'running']);
    expect(await commands.kept(alone.event)).toMatchObject({ body: { version: 2 } });

    await fixture.shiftClock('2 hours');
    expect(await work(upkeep({ days: 0 }))).toMatchObject({ runs: 1, isFinished: true });
    expect(await left()).toEqual([undefined, 'failed', 'running']);
    expect(await commands.kept(alone.event)).toBeUndefined();
    for (const table of ['event', 'delivery'])
      expect(await fixture.rows(`select from ledger.${table} where run = $1`, [alone.run])).toEqual([]);
    expect(await fixture.ledger.getRun(video)).toBeDefined();
    // The key is free again: it is another request.
    expect((await give('alone')).run).toBe(alone.run);

    await fixture.shiftClock('7 days');
    await work(upkeep({ days: 0 }));
    expect(await left()).toEqual([undefined, undefined, 'running']);
  });
});
