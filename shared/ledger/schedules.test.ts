import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readTopology } from '#shared/topology';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';

const conditional = testTopology({
  sweep: [{ kind: 'schedule', cron: '0 * * * *', zone: 'UTC', when: 'ledger.is_wanted' }],
});

describe('a schedule whose condition fails', () => {
  it('keeps no other from ticking, and ticks once it can be asked', async () => {
    const fixture = await createLedgerFixture(
      testTopology({
        asking: [{ kind: 'schedule', cron: '0 * * * *', zone: 'UTC', when: 'ledger.is_wanted' }],
        sweep: [{ kind: 'schedule', cron: '0 * * * *', zone: 'UTC' }],
      }),
    );
    onTestFinished(() => fixture.close());
    const host = await fixture.host();
    const answers = (text: string) =>
      fixture.rows(
        `create or replace function ledger.is_wanted() returns boolean language sql as $$ ${text} $$`,
      );
    await answers('select 1 / (select count(*) from ledger.pause) > 0');
    await fixture.shiftClock('1 hour');
    fixture.woken.length = 0;
    await expect(fixture.housekeeping.tick()).rejects.toThrow('division by zero');
    expect((await fixture.claim(host)).map((claim) => claim.function)).toEqual(['sweep']);
    expect(fixture.woken).toEqual(['light']);
    await expect(fixture.housekeeping.tick()).rejects.toThrow('division by zero');
    expect(await fixture.claim(host)).toEqual([]);
    await answers('select true');
    await fixture.housekeeping.tick();
    expect((await fixture.claim(host)).map((claim) => claim.function)).toEqual(['asking']);
  });
});

describe('a schedule with a condition', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeEach(async () => {
    fixture = await createLedgerFixture(conditional);
    host = await fixture.host();
  });
  afterEach(() => fixture.close());
  const answers = (text: string) =>
    fixture.rows(
      `create or replace function ledger.is_wanted() returns boolean language sql as $$ ${text} $$`,
    );
  const hourLater = async () => {
    await fixture.shiftClock('1 hour');
    await fixture.housekeeping.tick();
    return (await fixture.claim(host)).length;
  };

  it('ticks with its yes alone, wakes nobody with a no, and keeps its times', async () => {
    await answers('select false');
    fixture.woken.length = 0;
    expect([await hourLater(), await hourLater()]).toEqual([0, 0]);
    expect(fixture.woken).toEqual([]);
    const [waiting] = await fixture.operations.listSchedules();
    expect(waiting?.lastRun).toBeUndefined();
    expect(waiting?.nextAt.getUTCMinutes()).toBe(0);
    await answers('select true');
    expect(await hourLater()).toBe(1);
    await answers('select null::boolean');
    expect(await hourLater()).toBe(1);
  });

  it('ticks where the database does not know the question yet, and not where it fails to answer', async () => {
    expect(await hourLater()).toBe(1);
    await answers('select 1 / (select count(*) from ledger.pause) > 0');
    await expect(hourLater()).rejects.toThrow('division by zero');
    await answers('select true');
    await fixture.housekeeping.tick();
    expect(await fixture.claim(host)).toHaveLength(1);
  });
});

it('knows every question of events.yaml', async () => {
  const topology = readTopology({ path: join(import.meta.dirname, '../../events.yaml') });
  const questions = topology.functions.flatMap(({ triggers }) =>
    triggers.flatMap((trigger) => (trigger.kind === 'schedule' ? (trigger.when ?? []) : [])),
  );
  expect(questions.length).toBeGreaterThan(3);
  const fixture = await createLedgerFixture(topology);
  try {
    for (const question of questions)
      expect(await fixture.rows(`select ${question}() as holds`)).toEqual([{ holds: false }]);
  } finally {
    await fixture.close();
  }
});

const hourly = (cron = '0 * * * *', zone = 'UTC') =>
  testTopology({ sweep: [{ kind: 'schedule', cron, zone }], speak: [on('pipeline.started')] });

describe('a schedule', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeEach(async () => {
    fixture = await createLedgerFixture(hourly());
    host = await fixture.host();
    await fixture.housekeeping.tick();
  });
  afterEach(() => fixture.close());
  const next = async () => (await fixture.operations.listSchedules())[0];

  it('ticks when its time has come, once, by any number of schedulers; each tick is a run that settles', async () => {
    expect(await fixture.claim(host)).toEqual([]);
    const before = await next();
    expect(before?.nextAt.getUTCMinutes()).toBe(0);
    await fixture.shiftClock('1 hour');
    fixture.woken.length = 0;
    await Promise.all(Array.from({ length: 8 }, () => fixture.housekeeping.tick()));
    expect(fixture.woken).toEqual(['light']);
    const claims = await fixture.claim(host);
    expect(claims).toMatchObject([
      {
        function: 'sweep',
        events: [{ type: 'schedule.ticked', data: { tick: before?.nextAt.toISOString() } }],
      },
    ]);
    for (const claim of claims) await fixture.work.commit(commitOf(claim));
    const after = await next();
    expect(after).toMatchObject({ lastAt: before?.nextAt, lastRun: claims[0]?.run });
    expect(after?.nextAt.getTime()).toBe((before?.nextAt.getTime() ?? 0) + 3_600_000);
    expect(await fixture.ledger.getRun(claims[0]?.run ?? '')).toMatchObject({
      state: 'completed',
      flow: 'sweep',
    });
    await fixture.sync(hourly());
  });

  it('that was missed a hundred times ticks once', async () => {
    await fixture.shiftClock('100 hours');
    await fixture.housekeeping.tick();
    await fixture.housekeeping.tick();
    expect(await fixture.claim(host)).toHaveLength(1);
  });

  it('does not tick while its brake is on, and once when it is off', async () => {
    await fixture.operations.pause({ name: 'sweep', by: 'ann', reason: 'rest' });
    await fixture.shiftClock('5 hours');
    await fixture.housekeeping.tick();
    expect(await next()).toMatchObject({ paused: { name: 'sweep' } });
    expect(await fixture.claim(host)).toEqual([]);
    await fixture.operations.resume({ name: 'sweep' });
    await fixture.housekeeping.tick();
    expect(await fixture.claim(host)).toHaveLength(1);
  });

  it('keeps its tick over a deployment, changes with its pattern, and goes with its function', async () => {
    const before = await next();
    await fixture.shiftClock('30 minutes');
    await fixture.sync(hourly());
    expect((await next())?.nextAt).toEqual(before?.nextAt);
    await fixture.sync(hourly('30 6 * * *', 'Asia/Tokyo'));
    const tokyo = await next();
    expect(tokyo).toMatchObject({ zone: 'Asia/Tokyo' });
    expect([tokyo?.nextAt.getUTCHours(), tokyo?.nextAt.getUTCMinutes()]).toEqual([21, 30]);
    await fixture.sync(testTopology({ speak: [on('pipeline.started')] }));
    expect(await fixture.operations.listSchedules()).toEqual([]);
  });
});
