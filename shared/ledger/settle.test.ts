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
import type { Claim } from './model.ts';

const started = on('pipeline.started');
const audio = eventOf('pipeline.audio.rendered');
const script = eventOf('pipeline.script.generated');
const permanent = { kind: 'permanent', code: 'voice-unknown', message: 'There is no voice "bob".' } as const;

describe('settling', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({
        left: [started],
        right: [started],
        both: [
          { kind: 'all', types: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'], each: undefined },
        ],
        scene: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.metadata.built'], each: 'scene' }],
        mux: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
        notify: [on('pipeline.completed')],
      }),
    );
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  async function open(): Promise<{ run: string; left: Claim; right: Claim }> {
    const run = await fixture.start();
    const left = await fixture.claimOne(host, { functions: ['left'] });
    const right = await fixture.claimOne(host, { functions: ['right'] });
    return { run, left, right };
  }
  const eventsOf = (run: string, type: string) =>
    fixture.rows<{ data: unknown }>('select data from ledger.event where run = $1 and type = $2', [
      run,
      type,
    ]);

  it('waits for the last open delivery, then publishes the completed event once', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left));
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'running' });
    await fixture.work.commit(commitOf(right));
    const view = await fixture.ledger.getRun(run);
    expect(view).toMatchObject({ state: 'completed', settledAt: expect.any(Date) });
    expect(view).not.toHaveProperty('failure');
    expect(await eventsOf(run, 'pipeline.completed')).toEqual([{ data: { state: 'completed' } }]);
    // What follows the end is work too, and does not end the run again.
    const notify = await fixture.claimOne(host, { functions: ['notify'] });
    expect(await fixture.work.commit(commitOf(notify))).toBe('committed');
    expect(await eventsOf(run, 'pipeline.completed')).toHaveLength(1);
  });

  it('waits for a delivery that was put off', async () => {
    const { run, left, right } = await open();
    const failure = { kind: 'transient', code: 'peer-away', message: 'no answer' } as const;
    expect(await fixture.work.fail({ claim: left, failure, delayMs: 1e9 })).toBe('later');
    await fixture.work.commit(commitOf(right));
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'running' });
  });

  it('waits for an open gate', async () => {
    const { run, left, right } = await open();
    await fixture.rows(`insert into ledger.gate (run, name) values ($1, 'approval')`, [run]);
    await fixture.work.commit(commitOf(left));
    await fixture.work.commit(commitOf(right));
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'running' });
    await fixture.rows('update ledger.gate set closed_at = now() where run = $1', [run]);
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('fails naming the dead delivery and what it says, with the parts that joins lack', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(
      commitOf(
        right,
        [script, eventOf('scene.rendered', 'scene-001'), audio, eventOf('pipeline.metadata.built')],
        {
          promises: { name: 'scene', keys: ['scene-001', 'scene-002'] },
        },
      ),
    );
    expect(await fixture.work.fail({ claim: left, failure: permanent, delayMs: 0 })).toBe('dead');
    const failure = {
      dead: [{ delivery: left.id, function: 'left', code: 'voice-unknown', message: permanent.message }],
      missing: [
        { function: 'both', parts: ['pipeline.thumbnail.created'] },
        { function: 'mux', parts: ['scene-002'] },
        // Promised, and of neither anything came.
        { function: 'scene', parts: ['scene-001', 'scene-002'] },
      ],
    };
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'failed', failure });
    expect(await eventsOf(run, 'pipeline.failed')).toEqual([{ data: { state: 'failed', ...failure } }]);
  });

  it('fails without a dead delivery when a join is short of a part', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(
      commitOf(left, [eventOf('scene.rendered', 'a'), eventOf('scene.illustrated', 'a')]),
    );
    await fixture.work.commit(commitOf(right));
    expect(await fixture.ledger.getRun(run)).toMatchObject({
      state: 'failed',
      failure: {
        dead: [],
        missing: [
          { function: 'mux', parts: ['pipeline.script.generated'] },
          { function: 'scene', parts: ['a'] },
        ],
      },
    });
  });

  it('is done by the scheduler when the last committer died before it could look', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left));
    // The commit stands, the process is gone.
    await fixture.rows(`update ledger.delivery set state = 'done', open = false where id = $1`, [right.id]);
    await fixture.housekeeping.settleStranded();
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
    expect(await eventsOf(run, 'pipeline.completed')).toHaveLength(1);
  });

  it('settles a run whose first event nobody wanted', async () => {
    const run = await fixture.start();
    await fixture.rows('delete from ledger.delivery where run = $1', [run]);
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('settles a run whose flow no longer stands in events.yaml', async () => {
    const { run, left, right } = await open();
    await fixture.rows(`update ledger.run set flow = 'gone' where id = $1`, [run]);
    await fixture.work.commit(commitOf(left));
    await fixture.work.commit(commitOf(right));
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('lets a run that cannot be settled keep no other from it', async () => {
    const stuck = await open();
    const after = await open();
    for (const { left, right } of [stuck, after]) {
      await fixture.rows(`update ledger.delivery set state = 'done', open = false where id = any ($1)`, [
        [left.id, right.id],
      ]);
    }
    await fixture.rows(
      `alter table ledger.run add constraint stuck check (id <> '${stuck.run}' or state = 'running')`,
    );
    await expect(fixture.housekeeping.settleStranded()).rejects.toThrow('stuck');
    expect(await fixture.ledger.getRun(after.run)).toMatchObject({ state: 'completed' });
    await fixture.rows('alter table ledger.run drop constraint stuck');
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(stuck.run)).toMatchObject({ state: 'completed' });
  });
});

describe('a thousand races: two last steps commit at once', () => {
  const ROUNDS = 1_000;
  const WIDTH = 4;

  it.each([
    { ends: 'both committed', state: 'completed', isDead: false },
    { ends: 'one committed, one dead', state: 'failed', isDead: true },
  ])('the run settles once, $ends', { timeout: 240_000 }, async ({ state, isDead }) => {
    const fixture = await createLedgerFixture(testTopology({ left: [started], right: [started] }), {
      max: 2 * WIDTH,
    });
    const host = await fixture.host();
    await inParallel(
      Array.from({ length: ROUNDS }, (_, round) => round),
      2 * WIDTH,
      async () => void (await fixture.start()),
    );
    const byRun = Map.groupBy(await fixture.claim(host, { limit: 2 * ROUNDS }), ({ run }) => run);
    await inParallel([...byRun.values()], WIDTH, async ([one, other]) => {
      if (one === undefined || other === undefined) throw new Error('a run has two steps');
      const meet = barrier(2);
      const write = async () => {
        await meet();
        return {};
      };
      const second = isDead
        ? meet().then(() => fixture.work.fail({ claim: other, failure: permanent, delayMs: 0 }))
        : fixture.work.commit(commitOf(other, [], { write }));
      expect(await Promise.all([fixture.work.commit(commitOf(one, [], { write })), second])).toEqual([
        'committed',
        isDead ? 'dead' : 'committed',
      ]);
    });

    const settled = await fixture.rows(
      `select state, events, count(*)::int as runs from (
         select r.state, count(e.id)::int as events from ledger.run r
         left join ledger.event e on e.run = r.id and e.type in ('pipeline.completed', 'pipeline.failed')
         group by r.id
       ) by_run group by state, events`,
    );
    expect(settled).toEqual([{ state, events: 1, runs: ROUNDS }]);
    await fixture.close();
  });
});
