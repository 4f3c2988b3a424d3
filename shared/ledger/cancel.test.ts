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
  waitingForLocks,
} from '../../test/ledger-fixture.ts';
import type { Transaction } from './handler-write.ts';

const audio = eventOf('pipeline.audio.rendered');
const failure = { kind: 'transient', code: 'peer-away', message: 'no answer' } as const;

describe('a cancelled run', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({
        left: [on('pipeline.started')],
        right: [on('pipeline.started')],
        hear: [on('pipeline.audio.rendered')],
      }),
    );
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  const statesOf = async (run: string) =>
    (await fixture.ledger.deliveriesOf([run])).map((view) => `${view.function} ${view.state}`).sort();

  it('ends what is due, leased and later, and keeps what is done', async () => {
    const run = await fixture.start();
    const left = await fixture.claimOne(host, { functions: ['left'] });
    await fixture.work.commit(commitOf(left, [audio]));
    const right = await fixture.claimOne(host, { functions: ['right'] });
    await fixture.work.fail({ claim: right, failure, delayMs: 1e9 });
    expect(await fixture.ledger.cancelRun({ run })).toBe('cancelled');
    expect(await statesOf(run)).toEqual(['hear cancelled', 'left done', 'right cancelled']);
    expect(await fixture.ledger.getRun(run)).toMatchObject({
      state: 'cancelled',
      settledAt: expect.any(Date),
    });
    expect(await fixture.ledger.cancelRun({ run })).toBe('already-settled');
    expect(await fixture.claim(host)).toEqual([]);
    await fixture.shiftClock('1 year');
    await fixture.housekeeping.promote();
    expect(await fixture.claim(host)).toEqual([]);
  });

  it('takes no commit, no failure, no progress, no retry, no take-over; its hosts see it gone', async () => {
    const run = await fixture.start();
    const left = await fixture.claimOne(host, { functions: ['left'] });
    const right = await fixture.claimOne(host, { functions: ['right'] });
    await fixture.ledger.cancelRun({ run });
    expect(await fixture.leases.gone(host, [left.id, right.id])).toEqual([left.id, right.id]);
    expect(await fixture.work.commit(commitOf(left, [audio]))).toBe('refused');
    expect(await fixture.work.fail({ claim: right, failure, delayMs: 0 })).toBe('refused');
    await fixture.work.release(right);
    await fixture.work.reportProgress([{ claim: left, fraction: 0.9 }]);
    await expect(fixture.ledger.retryStep({ run, function: 'left' })).rejects.toMatchObject({
      code: 'run-cancelled',
    });
    await fixture.housekeeping.takeOver({ silentMs: 1e9, hosts: [host] });
    host = await fixture.host();
    await fixture.housekeeping.settleStranded();
    expect(await statesOf(run)).toEqual(['left cancelled', 'right cancelled']);
    expect(await fixture.rows('select type from ledger.event where run = $1', [run])).toEqual([
      { type: 'pipeline.started' },
    ]);
  });

  it('does not cancel what has settled', async () => {
    const run = await fixture.start();
    for (const claim of await fixture.claim(host)) await fixture.work.commit(commitOf(claim));
    expect(await fixture.ledger.cancelRun({ run })).toBe('already-settled');
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('waits for a commit in flight, which holds wholly, and cancels what it made due', async () => {
    const run = await fixture.start();
    const left = await fixture.claimOne(host, { functions: ['left'] });
    const inside = barrier(2);
    const goOn = barrier(2);
    const write = async (tx: Transaction) => {
      // Its answer comes after the lock's.
      await tx.query('select 1');
      await inside();
      await goOn();
      return {};
    };
    const committing = fixture.work.commit(commitOf(left, [audio], { write }));
    await inside();
    const cancelling = fixture.ledger.cancelRun({ run });
    await waitingForLocks(fixture, 1);
    void goOn();
    expect([await committing, await cancelling]).toEqual(['committed', 'cancelled']);
    expect(await statesOf(run)).toEqual(['hear cancelled', 'left done', 'right cancelled']);
  });

  it('is raced by its commits: each holds wholly or not at all, nothing stays open', {
    timeout: 120_000,
  }, async () => {
    const runs: string[] = [];
    await inParallel(Array.from({ length: 300 }), 4, async () => void runs.push(await fixture.start()));
    const byRun = Map.groupBy(await fixture.claim(host, { limit: 1_000 }), ({ run }) => run);
    expect(byRun.size).toBe(300);
    const answers = new Map<string, number>();
    await inParallel([...byRun], 3, async ([run, claims]) => {
      const meet = barrier(3);
      const [left, right] = claims;
      if (left === undefined || right === undefined) throw new Error('a run has two steps');
      const outcomes = await Promise.all([
        meet().then(() => fixture.work.commit(commitOf(left, [audio]))),
        meet().then(() => fixture.work.fail({ claim: right, failure, delayMs: 1e9 })),
        meet().then(() => fixture.ledger.cancelRun({ run })),
      ]);
      answers.set(outcomes.join(' '), (answers.get(outcomes.join(' ')) ?? 0) + 1);
      const states = await statesOf(run);
      expect(states).toEqual(
        outcomes[0] === 'committed'
          ? ['hear cancelled', 'left done', 'right cancelled']
          : ['left cancelled', 'right cancelled'],
      );
      const events = await fixture.rows('select from ledger.event where run = $1', [run]);
      expect(events).toHaveLength(outcomes[0] === 'committed' ? 2 : 1);
    });
    expect([...answers.values()].reduce((sum, count) => sum + count)).toBe(300);
  });

  it('is raced by claims: a claim of a cancelled run commits nothing', { timeout: 120_000 }, async () => {
    const runs: string[] = [];
    await inParallel(Array.from({ length: 200 }), 4, async () => void runs.push(await fixture.start()));
    const [claims] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => fixture.claim(host, { limit: 20 }))),
      inParallel(runs, 4, async (run) => void (await fixture.ledger.cancelRun({ run }))),
    ]);
    for (const claim of claims.flat()) expect(await fixture.work.commit(commitOf(claim))).toBe('refused');
    const open = await fixture.rows('select from ledger.delivery where run = any ($1) and open', [runs]);
    expect(open).toEqual([]);
  });
});
