import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import {
  barrier,
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
  waitingForLocks,
} from '../../test/ledger-fixture.ts';
import type { Transaction } from './handler-write.ts';

const started = on('pipeline.started');
const audio = eventOf('pipeline.audio.rendered');
const before = testTopology({ speak: [started], hear: [on('pipeline.audio.rendered')] });

describe('a deployment', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeEach(async () => {
    fixture = await createLedgerFixture(before);
    host = await fixture.host();
  });
  afterEach(() => fixture.close());

  const functionsOf = async (run: string) =>
    (await fixture.ledger.deliveriesOf([run])).map((view) => view.function).sort();

  it('wakes a new function by publishers that started before it', async () => {
    await fixture.sync(
      testTopology({ speak: [started], hear: [on('pipeline.audio.rendered')], listen: [started] }),
    );
    expect(await functionsOf(await fixture.start())).toEqual(['listen', 'speak']);
  });

  it('may come any number of times and changes nothing then', async () => {
    const rows = () =>
      fixture.rows('select * from ledger.subscription order by function, trigger, event_type');
    const first = await rows();
    await Promise.all([fixture.sync(before), fixture.sync(before), fixture.sync(before)]);
    expect(await rows()).toEqual(first);
  });

  it('cannot take away a function that still has work; it can once the work is done', async () => {
    const run = await fixture.start();
    const without = testTopology({ hear: [on('pipeline.audio.rendered')] });
    await expect(fixture.sync(without)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'function-busy',
      message: expect.stringContaining('speak (1)'),
    });
    expect(await functionsOf(await fixture.start())).toEqual(['speak']);
    await fixture.ledger.cancelRun({ run });
    for (const claim of await fixture.claim(host)) await fixture.work.commit(commitOf(claim));
    await fixture.sync(without);
    expect(await functionsOf(await fixture.start())).toEqual([]);
  });

  it('cannot take away a flow that still has running runs', async () => {
    await fixture.start();
    await expect(fixture.sync({ ...before, flows: {} })).rejects.toMatchObject({
      code: 'flow-busy',
      message: expect.stringContaining('video (1)'),
    });
  });

  it('waits for a commit in flight, and counts the work that it makes due', async () => {
    await fixture.start();
    const claim = await fixture.claimOne(host);
    // A second run keeps `speak` as it was busy before; only `hear` is new to the look.
    const inside = barrier(2);
    const goOn = barrier(2);
    const write = async (tx: Transaction) => {
      // Its answer comes after the locks'.
      await tx.query('select 1');
      await inside();
      await goOn();
      return {};
    };
    const committing = fixture.work.commit(commitOf(claim, [audio], { write }));
    await inside();
    const syncing = fixture.sync(testTopology({ speak: [started] })).catch((error: unknown) => error);
    await waitingForLocks(fixture, 1);
    void goOn();
    expect(await committing).toBe('committed');
    expect(await syncing).toMatchObject({
      code: 'function-busy',
      message: expect.stringContaining('hear (1)'),
    });
  });

  it('holds publishers that come during it, and they follow the new rows', async () => {
    const session = await fixture.pool.connect();
    await session.query('begin');
    await session.query(`select pg_advisory_xact_lock('ledger.subscription'::regclass::oid::bigint)`);
    await session.query(
      `insert into ledger.subscription (function, trigger, event_type) values ('hear', 1, 'pipeline.started')`,
    );
    const publishing = fixture.start();
    await waitingForLocks(fixture, 1);
    await session.query('commit');
    session.release();
    expect(await functionsOf(await publishing)).toEqual(['hear', 'speak']);
  });

  it('takes open and dead work along when a function changes its lane', async () => {
    const dead = await fixture.start();
    const claim = await fixture.claimOne(host);
    const failure = { kind: 'permanent', code: 'bad', message: 'bad' } as const;
    await fixture.work.fail({ claim, failure, delayMs: 0 });
    const due = await fixture.start();
    await fixture.sync({
      ...before,
      functions: before.functions.map((fn) => (fn.name === 'speak' ? { ...fn, profile: 'heavy' } : fn)),
    });
    await fixture.ledger.retryStep({ run: dead, function: 'speak' });
    const heavy = await fixture.host({ lane: 'heavy' });
    const claims = await fixture.claim(heavy, { lane: 'heavy' });
    expect(claims.map(({ run }) => run).sort()).toEqual([dead, due].sort());
    expect(await fixture.claim(host)).toEqual([]);
  });

  it('does not retry work of a function that is gone', async () => {
    const run = await fixture.start();
    const claim = await fixture.claimOne(host);
    const failure = { kind: 'permanent', code: 'bad', message: 'bad' } as const;
    await fixture.work.fail({ claim, failure, delayMs: 0 });
    await fixture.sync(testTopology({ hear: [on('pipeline.audio.rendered')] }));
    await expect(fixture.ledger.retryStep({ run, function: 'speak' })).rejects.toMatchObject({
      code: 'nothing-to-retry',
    });
  });

  it('leaves the work of a paused function due', async () => {
    await fixture.start();
    await fixture.operations.pause({ name: 'speak', by: 'ann', reason: 'it speaks too loud' });
    expect(await fixture.claim(host)).toEqual([]);
    await fixture.operations.resume({ name: 'speak' });
    expect(await fixture.claim(host)).toHaveLength(1);
  });

  it('writes a row for each event type of each trigger of events.yaml', async () => {
    await fixture.sync(readTopology({ path: 'events.yaml' }));
    expect(
      await fixture.rows(
        `select event_type, join_kind, needs, keyed, part from ledger.subscription
         where function in ('render-scene', 'mux-video') order by function, event_type`,
      ),
    ).toEqual([
      {
        event_type: 'pipeline.script.generated',
        join_kind: 'each-of',
        needs: null,
        keyed: false,
        part: 'scene',
      },
      { event_type: 'scene.rendered', join_kind: 'each-of', needs: null, keyed: true, part: 'scene' },
      { event_type: 'pipeline.audio.rendered', join_kind: 'each', needs: 2, keyed: false, part: 'scene' },
      { event_type: 'scene.illustrated', join_kind: 'each', needs: 2, keyed: true, part: 'scene' },
    ]);
  });
});
