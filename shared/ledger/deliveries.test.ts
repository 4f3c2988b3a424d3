import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';

const topology = testTopology({
  speak: [on('pipeline.started')],
  look: [on('pipeline.started')],
  both: [{ kind: 'all', types: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'], each: undefined }],
});
const dead = (code: string) => ({ kind: 'permanent', code, message: `no: ${code}` }) as const;

describe('deliveries', () => {
  let fixture: LedgerFixture;
  let host: string;
  const runs: Record<string, string> = {};

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
    for (const [name, owner, code] of [
      ['a', 'alice', 'voice-unknown'],
      ['b', 'alice', 'voice-unknown'],
      ['c', 'bob', 'no-money'],
      ['d', 'bob', 'voice-unknown'],
    ] as const) {
      runs[name] = await fixture.start({ owner });
      const claim = await fixture.claimOne(host, { functions: ['speak'] });
      await fixture.work.fail({ claim, failure: dead(code), delayMs: 0 });
      if (name === 'd') {
        await fixture.ledger.cancelRun({ run: runs.d ?? '' });
        continue;
      }
      const look = await fixture.claimOne(host, { functions: ['look'] });
      await fixture.work.commit(commitOf(look, [eventOf('pipeline.thumbnail.created')]));
    }
  });
  afterAll(() => fixture.close());

  const list = async (query: Parameters<LedgerFixture['operations']['listDeliveries']>[0]) =>
    (await fixture.operations.listDeliveries(query)).deliveries;

  it.each<[string, object, number]>([
    ['state', { state: 'dead' }, 4],
    ['owner', { state: 'dead', owner: 'alice' }, 2],
    ['another owner', { owner: 'nobody' }, 0],
    ['function', { function: 'look' }, 4],
    ['flow', { flow: 'video', state: 'dead' }, 4],
    ['a flow that is not there', { flow: 'book' }, 0],
    ['code', { code: 'no-money' }, 1],
    ['a run that is none', { run: "x'; --" }, 0],
    ['nothing open', { state: 'due' }, 0],
  ])('are listed by %s', async (_, filter, count) => {
    expect(await list({ ...filter, limit: 50 })).toHaveLength(count);
  });

  it('are listed page by page, newest first, each once', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await fixture.operations.listDeliveries({ state: 'dead', limit: 1, before });
      seen.push(...page.deliveries.map(({ run }) => run));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual([runs.d, runs.c, runs.b, runs.a]);
    await expect(fixture.operations.listDeliveries({ limit: 1, before: 'x' })).rejects.toMatchObject({
      code: 'cursor-invalid',
    });
  });

  it('tell their attempts, what they were made for, and whose they are', async () => {
    const [listed] = await list({ code: 'no-money', limit: 1 });
    expect(await fixture.operations.readDelivery(listed?.id ?? '')).toMatchObject({
      owner: 'bob',
      flow: 'video',
      state: 'dead',
      events: [expect.any(String)],
      attemptLog: [
        { number: 1, outcome: 'permanent', error: dead('no-money'), endedAt: expect.any(Date), pid: 1 },
      ],
    });
    expect(await fixture.operations.readDelivery('nonsense')).toBeUndefined();
  });

  it('have figures by function', async () => {
    const { functions, capped } = await fixture.operations.figures();
    expect(capped).toBe(false);
    expect(functions.find((one) => one.function === 'speak')).toMatchObject({ dead: 4, due: 0, leased: 0 });
    const run = await fixture.start({ owner: 'carol' });
    const claim = await fixture.claimOne(host, { functions: ['look'] });
    await fixture.work.commit(commitOf(claim, [eventOf('pipeline.thumbnail.created')]));
    await fixture.shiftClock('90 seconds');
    const later = await fixture.operations.figures();
    const speak = later.functions.find((one) => one.function === 'speak');
    expect(speak).toMatchObject({ due: 1, dead: 4 });
    expect(speak?.oldestDueSeconds).toBeGreaterThanOrEqual(90);
    expect(later.functions.find((one) => one.function === 'both')).toMatchObject({ joinsOpen: 1 });

    const timeline = await fixture.operations.timelineOf(claim.id);
    expect(timeline).toMatchObject({
      run: { id: run },
      waiting: [{ function: 'both', missing: ['pipeline.audio.rendered'] }],
    });
    expect(timeline?.steps.find((step) => step.function === 'look')).toMatchObject({
      state: 'done',
      inputs: [{ type: 'pipeline.started' }],
      emitted: [{ type: 'pipeline.thumbnail.created', count: 1 }],
      workedMs: expect.any(Number),
    });
    expect(timeline?.steps.find((step) => step.function === 'speak')?.queuedMs).toBeGreaterThanOrEqual(
      90_000,
    );
    expect(await fixture.operations.timelineOf('x')).toBeUndefined();
    await fixture.ledger.cancelRun({ run });
  });

  it('that are dead are retried one by one, and their run goes on', async () => {
    const [listed] = await list({ code: 'no-money', limit: 1 });
    const id = listed?.id ?? '';
    await fixture.operations.retryDelivery({ delivery: id });
    expect(await fixture.ledger.getRun(runs.c ?? '')).toMatchObject({ state: 'running' });
    const claim = await fixture.claimOne(host, { functions: ['speak'] });
    expect(claim).toMatchObject({ id, attempts: 0 });
    await fixture.work.fail({ claim, failure: dead('no-money'), delayMs: 0 });
    const [cancelled] = await list({ run: runs.d, state: 'dead', limit: 1 });
    await expect(fixture.operations.retryDelivery({ delivery: cancelled?.id ?? '' })).rejects.toMatchObject({
      code: 'run-cancelled',
    });
    for (const wrong of ['x', '00000000-0000-8000-a000-000000000000']) {
      await expect(fixture.operations.retryDelivery({ delivery: wrong })).rejects.toMatchObject({
        code: 'nothing-to-retry',
      });
    }
  });

  it('that are dead are retried by filter: first counted, then done, a bounded number a call', async () => {
    const filter = { code: 'voice-unknown' };
    const dry = await fixture.operations.retryDeliveries({ ...filter, dryRun: true });
    expect(dry).toMatchObject({ matched: 2, more: false, retried: 0, skipped: 1 });
    expect(dry.sample.map(({ run }) => run)).toEqual([runs.b, runs.a]);
    expect(await list({ state: 'dead', limit: 50 })).toHaveLength(4);
    expect(await fixture.operations.retryDeliveries({ ...filter, dryRun: true, limit: 1 })).toMatchObject({
      matched: 1,
      more: true,
      skipped: 1,
    });
    fixture.woken.length = 0;
    expect(await fixture.operations.retryDeliveries({ ...filter, dryRun: false })).toMatchObject({
      retried: 2,
      skipped: 1,
    });
    expect(fixture.woken).toEqual(['light']);
    const claims = await fixture.claim(host, { functions: ['speak'] });
    expect(claims.map(({ run }) => run).sort()).toEqual([runs.a, runs.b].sort());
    for (const claim of claims) await fixture.work.fail({ claim, failure: dead('later'), delayMs: 0 });
  });

  it('that cannot be retried stand in the way of none that are older', async () => {
    for (const gone of [['speak'], ['look']]) {
      // The newest of all, for a run that was cancelled, and one for a function that went.
      const run = await fixture.start({ owner: 'dora' });
      const claim = await fixture.claimOne(host, { functions: gone });
      await fixture.work.fail({ claim, failure: dead('later'), delayMs: 0 });
      if (gone[0] === 'speak') await fixture.ledger.cancelRun({ run });
    }
    await fixture.rows(`update ledger.function set active = false where name = 'look'`);
    onTestFinished(() => void fixture.rows(`update ledger.function set active = true where name = 'look'`));
    const filter = { code: 'later', dryRun: false, limit: 1 };
    for (const [retried, more] of [
      [1, true],
      [1, false],
      [0, false],
    ]) {
      expect(await fixture.operations.retryDeliveries(filter)).toMatchObject({ retried, more, skipped: 2 });
    }
  });
});
