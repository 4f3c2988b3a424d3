import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandIds, createCommandLedger, type NewEvent } from '#shared/ledger';
import { commitOf, type LedgerFixture } from '../../../test/ledger-fixture.ts';
import { type Installation, openInstallation, topology } from './testing/installation.ts';

let here: Installation;
let fixture: LedgerFixture;
beforeEach(async () => {
  here = await openInstallation();
  ({ fixture } = here);
});
afterEach(() => here.close());

describe('runs that are kept for a short time, however long others are', () => {
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
    expect(await here.work(here.upkeep())).toMatchObject({ runs: 0 });
    await fixture.shiftClock('2 days');
    expect(await here.work(here.upkeep())).toMatchObject({ runs: 1 });
    expect(await states()).toEqual([undefined, 'failed']);
    await fixture.shiftClock('6 days');
    expect(await here.work(here.upkeep())).toMatchObject({ runs: 1 });
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
    const { run: video } = await here.settledRun();
    const left = async () =>
      (await Promise.all([alone, failed, waiting].map(({ run }) => fixture.ledger.getRun(run)))).map(
        (found) => found?.state,
      );
    expect(await left()).toEqual(['completed', 'failed', 'running']);

    await fixture.shiftClock('23 hours');
    await here.work(here.upkeep({ days: 0 }));
    expect(await left()).toEqual(['completed', 'failed', 'running']);
    expect(await commands.kept(alone.event)).toMatchObject({ body: { version: 2 } });

    await fixture.shiftClock('2 hours');
    expect(await here.work(here.upkeep({ days: 0 }))).toMatchObject({ runs: 1, isFinished: true });
    expect(await left()).toEqual([undefined, 'failed', 'running']);
    expect(await commands.kept(alone.event)).toBeUndefined();
    for (const table of ['event', 'delivery'])
      expect(await fixture.rows(`select from ledger.${table} where run = $1`, [alone.run])).toEqual([]);
    expect(await fixture.ledger.getRun(video)).toBeDefined();
    // The key is free again: it is another request.
    expect((await give('alone')).run).toBe(alone.run);

    await fixture.shiftClock('7 days');
    await here.work(here.upkeep({ days: 0 }));
    expect(await left()).toEqual([undefined, undefined, 'running']);
  });
});
