import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barrier,
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { Claim } from './model.ts';

const transient = { kind: 'transient', code: 'peer-away', message: 'no answer' } as const;
const permanent = { kind: 'permanent', code: 'voice-unknown', message: 'There is no voice "bob".' } as const;
const audio = eventOf('pipeline.audio.rendered');
const topology = testTopology({
  speak: [on('pipeline.started')],
  look: [on('pipeline.started')],
  both: [{ kind: 'all', types: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'], each: undefined }],
});

describe('a failed delivery', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  async function open(): Promise<{ run: string; speak: Claim; look: Claim }> {
    const run = await fixture.start();
    const speak = await fixture.claimOne(host, { functions: ['speak'] });
    const look = await fixture.claimOne(host, { functions: ['look'] });
    return { run, speak, look };
  }
  const viewOf = async (claim: Claim) =>
    (await fixture.ledger.deliveriesOf([claim.run])).find(({ id }) => id === claim.id);

  it('comes again when its time has come, not before, and says why it waits', async () => {
    const { speak } = await open();
    expect(await fixture.work.fail({ claim: speak, failure: transient, delayMs: 60_000 })).toBe('later');
    expect(await viewOf(speak)).toMatchObject({
      state: 'later',
      attempts: 1,
      error: transient,
      dueAt: expect.any(Date),
    });
    await fixture.shiftClock('59 seconds');
    await fixture.housekeeping.promote();
    expect(await viewOf(speak)).toMatchObject({ state: 'later' });
    await fixture.shiftClock('2 seconds');
    await fixture.housekeeping.promote();
    const view = await viewOf(speak);
    expect(view).toMatchObject({ state: 'due', attempts: 1 });
    expect(view).not.toHaveProperty('dueAt');
    const again = await fixture.claimOne(host, { functions: ['speak'] });
    expect(again).toMatchObject({ id: speak.id, attempts: 1, fence: '2' });
    expect(await fixture.work.commit(commitOf(again))).toBe('committed');
    const done = await viewOf(speak);
    expect(done).toMatchObject({ state: 'done', attempts: 1 });
    expect(done).not.toHaveProperty('error');
  });

  it('is dead after its last try, with a row for each', async () => {
    const { speak } = await open();
    let claim = speak;
    for (const outcome of ['later', 'later', 'dead']) {
      expect(await fixture.work.fail({ claim, failure: transient, delayMs: 0 })).toBe(outcome);
      if (outcome === 'dead') break;
      await fixture.housekeeping.promote();
      claim = await fixture.claimOne(host, { functions: ['speak'] });
    }
    expect(await viewOf(speak)).toMatchObject({ state: 'dead', attempts: 3, endedAt: expect.any(Date) });
    expect(
      await fixture.rows('select fence, outcome from ledger.attempt where delivery = $1 order by fence', [
        speak.id,
      ]),
    ).toEqual([1n, 2n, 3n].map((fence) => ({ fence, outcome: 'transient' })));
  });

  it.each(['permanent', 'conflict'] as const)('is dead at once when it is %s', async (kind) => {
    const { speak } = await open();
    const failure = { kind, code: 'no', message: 'no' };
    expect(await fixture.work.fail({ claim: speak, failure, delayMs: 0 })).toBe('dead');
  });

  it('is stored whatever a program wrote into its message', async () => {
    const { speak } = await open();
    const failure = { ...permanent, message: 'ffmpeg: \0\ud800 \\u0000' };
    expect(await fixture.work.fail({ claim: speak, failure, delayMs: 0 })).toBe('dead');
    expect((await viewOf(speak))?.error?.message).toBe('ffmpeg: \ufffd\ufffd \\u0000');
  });

  it('is due again by retry, with all its tries; the run goes on to its end and says nothing of the failure', async () => {
    const { run, speak, look } = await open();
    await fixture.work.fail({ claim: speak, failure: permanent, delayMs: 0 });
    await fixture.work.commit(commitOf(look, [eventOf('pipeline.thumbnail.created')]));
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'failed' });

    expect(await fixture.ledger.retryStep({ run, function: 'speak' })).toEqual({ retried: 1 });
    const reopened = await fixture.ledger.getRun(run);
    expect(reopened).toMatchObject({ state: 'running' });
    expect(reopened).not.toHaveProperty('failure');
    expect(reopened).not.toHaveProperty('settledAt');
    const view = await viewOf(speak);
    expect(view).toMatchObject({ state: 'due', attempts: 0, lost: 0 });
    expect(view).not.toHaveProperty('error');

    const again = await fixture.claimOne(host, { functions: ['speak'] });
    expect(await fixture.work.commit(commitOf(speak, [audio]))).toBe('refused');
    expect(await fixture.work.commit(commitOf(again, [audio]))).toBe('committed');
    // The join that had waited for it fires.
    const both = await fixture.claimOne(host, { functions: ['both'] });
    expect(both.events).toHaveLength(2);
    await fixture.work.commit(commitOf(both));
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('is made due once by many who retry at once', async () => {
    const { run, speak } = await open();
    await fixture.work.fail({ claim: speak, failure: permanent, delayMs: 0 });
    const meet = barrier(8);
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        meet().then(() => fixture.ledger.retryStep({ run, function: 'speak' })),
      ),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ kind: 'conflict', code: 'nothing-to-retry' });
    }
    expect(await fixture.claim(host, { functions: ['speak'] })).toHaveLength(1);
  });

  it.each([
    ['of a step that is not dead', async () => ({ run: (await open()).run, function: 'speak' })],
    ['of a step that does not exist', async () => ({ run: (await open()).run, function: 'speek' })],
    [
      'of a run that does not exist',
      async () => ({ run: '0193b3f0-0000-8000-a000-000000000000', function: 'speak' }),
    ],
  ])('refuses a retry %s', async (_, request) => {
    await expect(fixture.ledger.retryStep(await request())).rejects.toMatchObject({
      kind: 'conflict',
      code: 'nothing-to-retry',
    });
  });
});
