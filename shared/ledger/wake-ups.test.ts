import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  eventOf,
  inParallel,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import { createWakeUps, type WakeUps } from './wake-ups.ts';

const started = on('pipeline.started');

/** `fetch` is a service of at most 2 × 2 × 2 wake-ups, `render` a job of which two run at a time, owners in turn. */
function topology() {
  const made = testTopology({ fetch: [started], render: [started] });
  const service = { ...made.profiles.light, concurrency: 2, scale: { min: 0, max: 2 } };
  const job = { ...made.profiles.heavy, turns: 'owners', scale: { min: 0, max: 2 } };
  return {
    ...made,
    profiles: { light: service, heavy: job } as typeof made.profiles,
    functions: made.functions.map((fn) => (fn.name === 'render' ? { ...fn, profile: 'heavy' } : fn)),
  };
}

let fixture: LedgerFixture;
let wakeUps: WakeUps;
beforeEach(async () => {
  fixture = await createLedgerFixture(topology());
  wakeUps = createWakeUps(fixture);
});
afterEach(() => fixture.close());

const lanes = ['light', 'heavy'];
const all = () => wakeUps.take({ lanes, of: 'all', limit: 100 });
const fresh = () => wakeUps.take({ lanes, of: 'new', limit: 100 });
const namesOf = (taken: readonly { function: string }[]) => taken.map((one) => one.function).sort();
const sendingsOf = (taken: readonly { function: string; number: number }[], name: string) =>
  taken.filter((one) => one.function === name).map(({ number }) => number);

/** Claims the one delivery by its name, as its host does. */
async function claimNamed(name: 'fetch' | 'render', delivery: string) {
  const lane = name === 'fetch' ? 'light' : 'heavy';
  const host = await fixture.host({ lane });
  const claim = await fixture.work.claimNamed({ host, lane, functions: [name], delivery, alone: true });
  if (claim === undefined) throw new Error('it was not due');
  return claim;
}

async function startAndTake(name: 'fetch' | 'render'): Promise<string> {
  await fixture.start();
  const one = (await all()).find((woken) => woken.function === name);
  if (one === undefined) throw new Error('nobody was woken');
  return one.delivery;
}

describe('who makes work due', () => {
  it('wakes the services that it is for, once, and no job', async () => {
    await fixture.start();
    expect(await fresh()).toMatchObject([{ function: 'fetch', number: 1 }]);
    expect(await fresh()).toEqual([]);
  });

  it('finds it behind any backlog of others', async () => {
    const host = await fixture.host();
    for (let count = 0; count < 12; count++) await fixture.start();
    // Twice 2 × 2 of one function are woken at a time.
    expect(await fresh()).toHaveLength(8);
    await fixture.rows(`update ledger.function set woken_most = 20 where name = 'fetch'`);
    expect(await fresh()).toHaveLength(4);
    expect(await fixture.claim(host, { limit: 12 })).toHaveLength(12);
  });

  it('takes nothing of other lanes, of what is paused, of what is in work or done', async () => {
    await fixture.start();
    expect(await wakeUps.take({ lanes: ['heavy'], of: 'new', limit: 9 })).toEqual([]);
    await fixture.operations.pause({ name: 'fetch', by: 'ann', reason: 'a test' });
    expect(await fresh()).toEqual([]);
    await fixture.operations.resume({ name: 'fetch' });
    const claim = await fixture.claimOne(await fixture.host());
    expect(await fresh()).toEqual([]);
    await fixture.work.commit(commitOf(claim));
    expect(await fresh()).toEqual([]);
  });
});

describe('the scheduler', () => {
  it('wakes as many jobs as may run, owners in turn, and the next one when one has ended', async () => {
    for (let count = 0; count < 3; count++) await fixture.start({ owner: 'alice' });
    await fixture.start({ owner: 'bob' });
    const first = (await all()).filter((one) => one.function === 'render');
    const owners = await fixture.rows<{ owner: string }>(
      'select owner from ledger.delivery where id = any ($1) order by owner',
      [first.map(({ delivery }) => delivery)],
    );
    expect(owners.map(({ owner }) => owner)).toEqual(['alice', 'bob']);
    expect(namesOf(await all())).toEqual([]);
    const claim = await claimNamed('render', first[0]?.delivery ?? '');
    expect(namesOf(await all())).toEqual([]);
    await fixture.work.commit(commitOf(claim));
    expect(namesOf(await all())).toEqual(['render']);
  });

  it.each([
    ['fetch', [5, 10, 20, 40, 60, 60]],
    ['render', [60, 120, 240, 480, 900, 900]],
  ] as const)('wakes %s again after %j seconds while it is due', async (name, waits) => {
    await startAndTake(name);
    let number = 1;
    for (const seconds of waits) {
      await fixture.shiftClock(`${seconds - 3} seconds`);
      expect(sendingsOf(await all(), name)).toEqual([]);
      await fixture.shiftClock('4 seconds');
      number += 1;
      expect(sendingsOf(await all(), name)).toEqual([number]);
    }
  });

  it('wakes nobody for what is in work, put off, done or dead', async () => {
    const delivery = await startAndTake('render');
    const claim = await claimNamed('render', delivery);
    await fixture.shiftClock('20 minutes');
    expect(sendingsOf(await all(), 'render')).toEqual([]);
    const failure = { kind: 'transient', code: 'away', message: 'It was away.' } as const;
    await fixture.work.fail({ claim, failure, delayMs: 3_600_000 });
    await fixture.shiftClock('20 minutes');
    expect(sendingsOf(await all(), 'render')).toEqual([]);
  });

  it.each([
    ['put off and came of age', 'later'],
    ['given back by a host that leaves', 'release'],
    ['left by a host that died', 'lost'],
    ['dead and is retried', 'retry'],
    ['behind a brake', 'pause'],
  ] as const)('wakes at once for what was %s, and waits from the beginning', async (_name, how) => {
    const delivery = await startAndTake('render');
    for (let times = 0; times < 3; times++) {
      await fixture.shiftClock('15 minutes');
      await all();
    }
    const claim = await claimNamed('render', delivery);
    const failure = {
      kind: how === 'retry' ? 'permanent' : 'transient',
      code: 'away',
      message: 'x',
    } as const;
    if (how === 'later') await fixture.work.fail({ claim, failure, delayMs: 0 });
    if (how === 'later') await fixture.housekeeping.promote();
    if (how === 'release') await fixture.work.release(claim);
    if (how === 'lost') await fixture.housekeeping.takeOver({ silentMs: 30_000, hosts: [claim.host] });
    if (how === 'retry') {
      await fixture.work.fail({ claim, failure, delayMs: 0 });
      await fixture.operations.retryDelivery({ delivery });
    }
    if (how === 'pause') {
      await fixture.work.release(claim);
      await fixture.operations.pause({ name: 'render', by: 'ann', reason: 'a test' });
      expect(sendingsOf(await all(), 'render')).toEqual([]);
      await fixture.operations.resume({ name: 'render' });
    }
    expect(sendingsOf(await all(), 'render')).toEqual([5]);
    await fixture.shiftClock('61 seconds');
    expect(sendingsOf(await all(), 'render')).toEqual([6]);
  });

  it('wakes again when ledger time has gone back by hours', async () => {
    await fixture.shiftClock('5 hours');
    await startAndTake('fetch');
    await fixture.shiftClock('-5 hours');
    expect(sendingsOf(await all(), 'fetch')).toEqual([2]);
  });
});

it('is asked by several at once, and no number goes out twice', async () => {
  await fixture.rows('update ledger.function set woken_most = 1000');
  for (let count = 0; count < 30; count++) await fixture.start();
  const sent: string[] = [];
  const takers = Array.from({ length: 8 }, (_one, index) => index);
  await inParallel(takers, 8, async (index) => {
    const taken = await wakeUps.take({ lanes, of: index % 2 === 0 ? 'all' : 'new', limit: 100 });
    sent.push(...taken.map(({ delivery, number }) => `${delivery}.${number}`));
  });
  for (const { delivery, number } of await all()) sent.push(`${delivery}.${number}`);
  expect(new Set(sent).size).toBe(sent.length);
  expect(sent).toHaveLength(60);
});

it('gives a join that fires to who moved its last part', async () => {
  await fixture.sync({
    ...topology(),
    functions: testTopology({ fetch: [started], render: [on('pipeline.keywords.fetched')] }).functions,
  });
  await fixture.start();
  await fresh();
  const claim = await fixture.claimOne(await fixture.host());
  await fixture.work.commit(commitOf(claim, [eventOf('pipeline.keywords.fetched')]));
  expect(namesOf(await fresh())).toEqual(['render']);
});
