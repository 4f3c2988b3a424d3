import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barrier,
  commitOf,
  createLedgerFixture,
  eventOf,
  inParallel,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';

const base = testTopology({
  speak: [on('pipeline.started')],
  look: [on('pipeline.started')],
  both: [{ kind: 'all', types: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'], each: undefined }],
});
const topology = {
  ...base,
  functions: base.functions.map((fn) => (fn.name === 'look' ? fn : { ...fn, uses: ['openai'] })),
};
const brake = (name: string) => ({ name, by: 'ann', reason: 'the voice is wrong' });

describe('a brake', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  const viewOf = async (run: string, name: string) =>
    (await fixture.ledger.deliveriesOf([run])).find((view) => view.function === name);
  const settle = async (run: string) => {
    await fixture.ledger.cancelRun({ run });
  };

  it('leaves work due and shows why it stands still, since when and by whom', async () => {
    const before = await fixture.start();
    expect(await fixture.operations.pause(brake('speak'))).toMatchObject({
      kind: 'function',
      by: 'ann',
      functions: ['speak'],
      waiting: 1,
    });
    const after = await fixture.start();
    expect((await fixture.claim(host)).map((claim) => claim.function)).toEqual(['look', 'look']);
    for (const run of [before, after]) {
      expect(await viewOf(run, 'speak')).toMatchObject({
        state: 'due',
        paused: { name: 'speak', by: 'ann', reason: 'the voice is wrong', since: expect.any(String) },
      });
      expect(await viewOf(run, 'look')).not.toHaveProperty('paused');
    }
    expect(await fixture.housekeeping.dueLanes()).toEqual([]);
    expect(await fixture.operations.listPauses()).toMatchObject([{ name: 'speak', waiting: 2 }]);

    fixture.woken.length = 0;
    expect(await fixture.operations.resume({ name: 'speak' })).toEqual({ resumed: true });
    expect(fixture.woken).toEqual(['light']);
    expect((await fixture.claim(host)).map((claim) => claim.run)).toEqual([before, after]);
    expect(await fixture.operations.resume({ name: 'speak' })).toEqual({ resumed: false });
    await settle(before);
    await settle(after);
  });

  it('holds for a wake-up that names the delivery, whoever sends it', async () => {
    await fixture.operations.pause(brake('speak'));
    const run = await fixture.start();
    const [delivery] = await fixture.rows<{ id: string }>(
      `select id from ledger.delivery where run = $1 and function = 'speak'`,
      [run],
    );
    const named = { host, delivery: delivery?.id ?? '', lane: 'light', functions: ['speak', 'look', 'both'] };
    for (const alone of [false, true])
      expect(await fixture.work.claimNamed({ ...named, alone })).toBeUndefined();
    expect(await viewOf(run, 'speak')).toMatchObject({ state: 'due', attempts: 0 });
    await fixture.operations.resume({ name: 'speak' });
    expect(await fixture.work.claimNamed({ ...named, alone: false })).toMatchObject({ run });
    await settle(run);
  });

  it('lets work in hand go on: it commits, or waits as due once its time has come', async () => {
    const [one, other] = [await fixture.start(), await fixture.start()];
    const [first, second] = await fixture.claim(host, { functions: ['speak'] });
    if (first === undefined || second === undefined) throw new Error('nothing was due');
    await fixture.operations.pause(brake('speak'));
    expect(await fixture.work.commit(commitOf(first))).toBe('committed');
    const failure = { kind: 'transient', code: 'peer-away', message: 'no answer' } as const;
    expect(await fixture.work.fail({ claim: second, failure, delayMs: 1_000 })).toBe('later');
    await fixture.shiftClock('2 seconds');
    await fixture.housekeeping.promote();
    expect(await viewOf(other, 'speak')).toMatchObject({
      state: 'due',
      attempts: 1,
      paused: { name: 'speak' },
    });
    expect(await fixture.claim(host, { functions: ['speak'] })).toEqual([]);
    await fixture.operations.resume({ name: 'speak' });
    expect(await fixture.claim(host, { functions: ['speak'] })).toHaveLength(1);
    await settle(one);
    await settle(other);
  });

  it('on a provider holds every function that uses it, joins and retries too; one brake more keeps them held', async () => {
    const run = await fixture.start();
    const [speak] = await fixture.claim(host, { functions: ['speak'] });
    const [look] = await fixture.claim(host, { functions: ['look'] });
    if (speak === undefined || look === undefined) throw new Error('nothing was due');
    expect(await fixture.operations.pause(brake('openai'))).toMatchObject({
      kind: 'provider',
      functions: ['both', 'speak'],
    });
    await fixture.operations.pause(brake('both'));
    const parts = [eventOf('pipeline.audio.rendered'), eventOf('pipeline.thumbnail.created')];
    await fixture.work.commit(commitOf(look, parts));
    const failure = { kind: 'permanent', code: 'voice-unknown', message: 'no' } as const;
    await fixture.work.fail({ claim: speak, failure, delayMs: 0 });
    await fixture.ledger.retryStep({ run, function: 'speak' });
    expect(await viewOf(run, 'both')).toMatchObject({ state: 'due', paused: { name: 'openai' } });
    expect(await fixture.claim(host)).toEqual([]);

    await fixture.operations.resume({ name: 'openai' });
    expect((await fixture.claim(host)).map((claim) => claim.function)).toEqual(['speak']);
    expect(await viewOf(run, 'both')).toMatchObject({ paused: { name: 'both' } });
    await fixture.operations.resume({ name: 'both' });
    expect(await fixture.claim(host)).toHaveLength(1);
    await settle(run);
  });

  it('outlives a deployment', async () => {
    await fixture.operations.pause(brake('speak'));
    await fixture.sync(topology);
    const run = await fixture.start();
    expect((await fixture.claim(host)).map((claim) => claim.function)).toEqual(['look']);
    await fixture.operations.resume({ name: 'speak' });
    await settle(run);
  });

  it('put on twice keeps what the first said', async () => {
    await fixture.operations.pause(brake('speak'));
    expect(await fixture.operations.pause({ name: 'speak', by: 'bob', reason: 'me too' })).toMatchObject({
      by: 'ann',
    });
    await fixture.operations.resume({ name: 'speak' });
  });

  it.each([
    ['speek', /did you mean "speak"/],
    ['opnai', /did you mean "openai"/],
    ['', /no function or provider ""/],
    ["'; drop table ledger.run; --", /no function or provider/],
  ])('on "%s" is refused', async (name, says) => {
    await expect(fixture.operations.pause(brake(name))).rejects.toMatchObject({
      code: 'pause-unknown',
      message: expect.stringMatching(says),
    });
    await expect(fixture.operations.resume({ name })).rejects.toMatchObject({ code: 'pause-unknown' });
  });

  it('raced by publishers and claims: nothing is claimed once it is on, everything is once it is off', async () => {
    const open = barrier(2);
    let isOn = false;
    const claimedWhileOn: string[] = [];
    const runs: string[] = [];
    const publishing = (async () => {
      await open();
      await inParallel(Array.from({ length: 60 }), 6, async () => void runs.push(await fixture.start()));
    })();
    const pausing = (async () => {
      await open();
      await fixture.operations.pause(brake('speak'));
      isOn = true;
    })();
    await pausing;
    for (let index = 0; index < 20; index += 1) {
      const wasOn = isOn;
      const claims = await fixture.claim(host, { functions: ['speak'], limit: 5 });
      if (wasOn) claimedWhileOn.push(...claims.map(({ id }) => id));
    }
    await publishing;
    expect(claimedWhileOn).toEqual([]);
    expect(await fixture.claim(host, { functions: ['speak'] })).toEqual([]);
    await fixture.operations.resume({ name: 'speak' });
    expect(await fixture.claim(host, { functions: ['speak'] })).toHaveLength(60);
    await inParallel(runs, 6, settle);
  });
});
