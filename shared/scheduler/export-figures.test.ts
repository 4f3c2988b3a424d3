import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerFigures } from '#shared/ledger';
import { createMetrics } from '#shared/telemetry';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { exportFigures } from './index.ts';

const topology = testTopology({
  speak: [on('pipeline.started')],
  look: [on('pipeline.started')],
  render: [{ kind: 'all', types: ['pipeline.started', 'pipeline.audio.rendered'], each: undefined }],
});

/** Metrics whose clock the test moves. */
function exported(figures: () => Promise<LedgerFigures>, limitMs = 20_000) {
  const metrics = createMetrics({ service: 'test' });
  const time = { ms: 0 };
  exportFigures({ metrics, figures, now: () => time.ms, limitMs });
  const value = async (name: string, fn?: string): Promise<number | undefined> => {
    const line = (await metrics.text())
      .split('\n')
      .find((text) => text.startsWith(`${name}{`) && (fn === undefined || text.includes(`function="${fn}"`)));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { time, value };
}

describe('figures of the ledger', () => {
  let fixture: LedgerFixture;
  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
  });
  afterAll(() => fixture.close());

  it('say what is due, paused, put off, in work, dead and waiting, by function', async () => {
    const host = await fixture.host();
    for (let index = 0; index < 5; index += 1) await fixture.start();
    const [later, dead] = await fixture.claim(host, { functions: ['speak'], limit: 3 });
    if (later === undefined || dead === undefined) throw new Error('nothing was due');
    const failure = { kind: 'transient', code: 'away', message: 'Away.' } as const;
    await fixture.work.fail({ claim: later, failure, delayMs: 60_000 });
    await fixture.work.fail({ claim: dead, failure: { ...failure, kind: 'permanent' }, delayMs: 0 });
    await fixture.operations.pause({ name: 'look', by: 'ann', reason: 'a test' });
    await fixture.shiftClock('1 minute');
    const { value } = exported(() => fixture.operations.figures());
    const figures = async (fn: string) =>
      Promise.all(
        ['due', 'paused', 'later', 'leased', 'dead', 'joins_open'].map((name) =>
          value(`millrace_ledger_${name}`, fn),
        ),
      );
    expect(await figures('speak')).toEqual([2, 0, 1, 1, 1, 0]);
    expect(await figures('look')).toEqual([5, 5, 0, 0, 0, 0]);
    expect(await figures('render')).toEqual([0, 0, 0, 0, 0, 5]);
    expect(await value('millrace_ledger_oldest_due_seconds', 'speak')).toBeGreaterThanOrEqual(60);
    expect(await value('millrace_ledger_up')).toBe(1);
    expect(await value('millrace_ledger_capped')).toBe(0);
  });

  it('say what works as a Job, and how old the oldest transaction is', async () => {
    const jobs = await createLedgerFixture({
      ...topology,
      functions: topology.functions.map((one) => ({ ...one, profile: 'heavy' })),
    });
    try {
      await jobs.start();
      await jobs.claimOne(await jobs.host({ lane: 'heavy' }), { lane: 'heavy', functions: ['speak'] });
      const old = await jobs.pool.connect();
      await old.query('begin; select pg_sleep(1)');
      const { time, value } = exported(() => jobs.operations.figures());
      expect(await value('millrace_ledger_jobs_active', 'speak')).toBe(1);
      expect(await value('millrace_ledger_jobs_active', 'look')).toBe(0);
      expect(await value('millrace_ledger_longest_transaction_seconds')).toBeGreaterThanOrEqual(1);
      await old.query('commit');
      old.release();
      // The figures' own statements run beside each other, and are transactions of a few milliseconds.
      const again = (): Promise<number | undefined> => {
        time.ms += 5_000;
        return value('millrace_ledger_longest_transaction_seconds');
      };
      await expect.poll(again).toBeLessThan(1);
    } finally {
      await jobs.close();
    }
  });

  it('are read once in five seconds however many ask, and not while nobody does', async () => {
    let looks = 0;
    const { time, value } = exported(() => {
      looks += 1;
      return fixture.operations.figures();
    });
    expect(looks).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => value('millrace_ledger_up')));
    time.ms = 4_999;
    await value('millrace_ledger_up');
    expect(looks).toBe(1);
    time.ms = 5_000;
    await value('millrace_ledger_up');
    expect(looks).toBe(2);
  });

  it.each<[string, () => Promise<never>]>([
    ['answers with an error', () => Promise.reject(new Error('no connection'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('are absent, not old, while the ledger %s; they come back with it', async (_, broken) => {
    let isAway = false;
    const { time, value } = exported(() => (isAway ? broken() : fixture.operations.figures()), 2_000);
    expect(await value('millrace_ledger_due', 'speak')).toBeDefined();
    isAway = true;
    time.ms += 5_000;
    expect(await value('millrace_ledger_up')).toBe(0);
    expect(await value('millrace_ledger_due', 'speak')).toBeUndefined();
    isAway = false;
    time.ms += 5_000;
    expect(await value('millrace_ledger_up')).toBe(1);
    expect(await value('millrace_ledger_due', 'speak')).toBeDefined();
  });
});
