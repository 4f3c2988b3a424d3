import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { Postponed } from './index.ts';

const base = testTopology({ speak: [on('pipeline.started')] });
const topology = {
  ...base,
  limits: { openai: { calls: 60, perMs: 60_000 } },
  functions: base.functions.map((fn) => ({ ...fn, uses: ['openai', 'unlimited'] })),
};

describe('a provider’s limit', () => {
  let fixture: LedgerFixture;
  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
  });
  afterAll(() => fixture.close());

  const take = (cost = 1, provider = 'openai') => fixture.work.takeProvider({ provider, cost });
  const refill = () =>
    fixture.rows(
      `update ledger.provider set tokens = capacity, next_free_at = null, refilled_at = ledger.ledger_now() where capacity is not null`,
    );
  const refusal = async (cost = 1): Promise<Postponed> => {
    const error = await take(cost).catch((thrown: unknown) => thrown);
    if (!(error instanceof Postponed)) throw new Error(`was not refused: ${error}`);
    return error;
  };

  it('grants what it allows and not one call more, to any number at once', async () => {
    const began = performance.now();
    await refill();
    const asked = await Promise.allSettled(Array.from({ length: 90 }, () => take()));
    const granted = asked.filter(({ status }) => status === 'fulfilled').length;
    expect(granted).toBeGreaterThanOrEqual(60);
    // Each second of the test itself lets one more grow.
    expect(granted).toBeLessThanOrEqual(61 + (performance.now() - began) / 1_000);
  });

  it('grants again as time goes on, at its own pace', async () => {
    await refill();
    await take(60);
    await refusal(5);
    await fixture.shiftClock('10 seconds');
    await take(10);
    await refusal(5);
    await fixture.shiftClock('1 hour');
    await take(60);
    await refusal(5);
  });

  it('tells nobody to wait for an hour that ledger time went back, however soon they ask', async () => {
    await fixture.shiftClock('1 hour');
    await refill();
    await take(60);
    await refusal();
    await fixture.shiftClock('-1 hour');
    expect((await refusal()).retryAfterMs).toBeLessThan(10_000);
    await fixture.shiftClock('3 seconds');
    await take();
  });

  it('tells those it refuses times that follow one another', async () => {
    await refill();
    await take(60);
    // When each may come again: not before the one, not after the other.
    const turns: { earliest: number; latest: number }[] = [];
    let waitMs = 0;
    for (let index = 0; index < 5; index += 1) {
      const asked = performance.now();
      waitMs = (await refusal()).retryAfterMs ?? 0;
      turns.push({ earliest: asked + waitMs, latest: performance.now() + waitMs });
    }
    for (const [index, { latest }] of turns.entries())
      if (index > 0) expect(latest - (turns[index - 1]?.earliest ?? 0)).toBeGreaterThan(500);
    expect(waitMs).toBeLessThan(6_000);
  });

  it('keeps nobody waiting for those who were told a time and never came', async () => {
    await refill();
    await take(60);
    // A backlog that is cancelled afterwards.
    await Promise.all(Array.from({ length: 150 }, () => refusal()));
    await fixture.shiftClock('70 seconds');
    await take(40);
    expect((await refusal(30)).retryAfterMs).toBeLessThan(15_000);
  });

  it('is none where events.yaml names none', async () => {
    for (let index = 0; index < 200; index += 1) await take(1, 'unlimited');
    await take(1, 'nobody-knows');
  });

  it('refuses for good what no window can hold', async () => {
    await expect(take(61)).rejects.toMatchObject({ kind: 'permanent', code: 'provider-cost-too-large' });
  });

  it('of a paused provider grants nothing', async () => {
    await refill();
    await fixture.operations.pause({ name: 'openai', by: 'ann', reason: 'bill' });
    await expect(take()).rejects.toMatchObject({ code: 'provider-paused' });
    await fixture.operations.resume({ name: 'openai' });
    await take();
  });

  it('puts a delivery off without counting an attempt, and says what it waits for', async () => {
    const host = await fixture.host();
    const run = await fixture.start();
    const claim = await fixture.claimOne(host);
    const failure = { kind: 'transient', code: 'provider-limit-reached', message: 'wait' } as const;
    expect(await fixture.work.postpone({ claim, failure, delayMs: 5_000 })).toBe('later');
    expect(await fixture.work.postpone({ claim, failure, delayMs: 5_000 })).toBe('refused');
    const [view] = await fixture.ledger.deliveriesOf([run]);
    expect(view).toMatchObject({ state: 'later', attempts: 0, postponed: 1, message: 'wait' });
    await fixture.shiftClock('6 seconds');
    await fixture.housekeeping.promote();
    const again = await fixture.claimOne(host);
    expect(again).toMatchObject({ id: claim.id, attempts: 0, fence: '2' });
    await fixture.ledger.cancelRun({ run });
    expect(await fixture.work.postpone({ claim: again, failure, delayMs: 0 })).toBe('refused');
  });
});
