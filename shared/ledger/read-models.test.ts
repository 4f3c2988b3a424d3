import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  artifactOf,
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { Claim } from './model.ts';

describe('what readers see', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({ speak: [on('pipeline.started')], draw: [on('scene.scripted')] }),
    );
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  /** A new run with its first delivery; those of other tests are due before it. */
  async function open(): Promise<{ run: string; speak: Claim }> {
    const run = await fixture.start();
    const claims = await fixture.claim(host, { functions: ['speak'] });
    const speak = claims.find((claim) => claim.run === run);
    if (speak === undefined) throw new Error('the new run was not claimed');
    return { run, speak };
  }

  it('pages through runs newest first, each once, while others are added', async () => {
    const runs: string[] = [];
    for (let index = 0; index < 25; index += 1) runs.push(await fixture.start({ owner: 'pager' }));
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await fixture.ledger.listRuns({ owner: 'pager', limit: 4, ...(before && { before }) });
      expect(page.runs.length).toBeLessThanOrEqual(4);
      seen.push(...page.runs.map(({ id }) => id));
      await fixture.start({ owner: 'pager' });
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual(runs.toReversed());
  });

  it('gives no next page where the last one is just full', async () => {
    for (let index = 0; index < 3; index += 1) await fixture.start({ owner: 'full' });
    expect(await fixture.ledger.listRuns({ owner: 'full', limit: 3 })).not.toHaveProperty('next');
    expect(await fixture.ledger.listRuns({ owner: 'full', limit: 2 })).toHaveProperty('next');
  });

  it('shows an owner only their own, by flow, state and label', async () => {
    const mine = await fixture.start({ owner: 'carol', labels: { series: 'sea' } });
    const other = await fixture.start({ owner: 'carol', labels: { series: "sky'" } });
    await fixture.start({ owner: 'mallory', labels: { series: 'sea' } });
    await fixture.ledger.cancelRun({ run: other });
    const list = async (query: object) =>
      (await fixture.ledger.listRuns({ owner: 'carol', limit: 10, ...query })).runs.map(({ id }) => id);
    expect(await list({})).toEqual([other, mine]);
    expect(await list({ label: ['series', 'sea'] })).toEqual([mine]);
    expect(await list({ label: ['series', "sky'"] })).toEqual([other]);
    expect(await list({ label: ['series', 'se'] })).toEqual([]);
    expect(await list({ state: 'cancelled' })).toEqual([other]);
    expect(await list({ flow: 'book' })).toEqual([]);
  });

  it('takes two labels of one key, and tells them apart', async () => {
    const run = await fixture.start({ owner: 'eve', labels: { a: 'b\u001fc', 'a\u001fb': 'c' } });
    const list = async (label: [string, string]) =>
      (await fixture.ledger.listRuns({ owner: 'eve', limit: 2, label })).runs.map(({ id }) => id);
    expect([await list(['a', 'b\u001fc']), await list(['a\u001fb', 'c'])]).toEqual([[run], [run]]);
    expect(await list(['a\u001fb\u001fc', ''])).toEqual([]);
  });

  it('lists by label page by page, long labels too, and forgets those of a run that is removed', async () => {
    const long = 'x'.repeat(5_000);
    const runs: string[] = [];
    for (let index = 0; index < 5; index += 1)
      runs.push(
        await fixture.start({ owner: 'dora', labels: { series: 'sea', note: index % 2 === 0 ? long : '' } }),
      );
    const page = (query: object) => fixture.ledger.listRuns({ owner: 'dora', limit: 2, ...query });
    const first = await page({ label: ['series', 'sea'] });
    const second = await page({ label: ['series', 'sea'], before: first.next });
    expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual(runs.toReversed().slice(0, 4));
    expect((await page({ label: ['note', long], limit: 9 })).runs).toHaveLength(3);
    await fixture.rows(`delete from ledger.run where owner = 'dora'`);
    expect(await fixture.rows("select from ledger.run_label where owner = 'dora'")).toEqual([]);
  });

  it.each(['x', '', '-1', 'MSBvciAx', `${'9'.repeat(40)}`])('refuses the cursor "%s"', async (before) => {
    await expect(fixture.ledger.listRuns({ owner: 'carol', limit: 1, before })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'cursor-invalid',
    });
  });

  it.each(['', 'abc', "' or 1 = 1", '0193b3f0-0000-8000-a000-000000000000', '../../etc'])(
    'knows no run "%s"',
    async (id) => {
      expect(await fixture.ledger.getRun(id)).toBeUndefined();
    },
  );

  it('shows deliveries in the order of their creation, their parts, progress and usage', async () => {
    const { run, speak } = await open();
    await fixture.work.reportProgress([
      { claim: speak, fraction: 0.25, message: `half a pair ${'🐙'.repeat(200)}\0` },
    ]);
    const [working] = await fixture.ledger.deliveriesOf([run]);
    expect(working).toMatchObject({ state: 'leased', progress: 0.25, startedAt: expect.any(Date) });
    const keys = Array.from({ length: 12 }, (_, index) => `scene-${String(index + 1).padStart(3, '0')}`);
    await fixture.work.commit(
      commitOf(
        speak,
        keys.map((key) => eventOf('scene.scripted', key)),
        {
          artifacts: [artifactOf(speak, 'b.txt'), artifactOf(speak, 'a.txt')],
          promises: { name: 'scene', keys: keys.toReversed() },
          usage: { wallMs: 12 },
        },
      ),
    );
    const views = await fixture.ledger.deliveriesOf([run]);
    expect(views.map(({ function: name, key }) => [name, key])).toEqual([
      ['speak', undefined],
      ...keys.map((key) => ['draw', key]),
    ]);
    expect(views[0]).toMatchObject({ state: 'done', usage: { wallMs: 12 }, lost: 0, run });
    expect(await fixture.ledger.deliveriesOf([])).toEqual([]);
    expect((await fixture.ledger.artifactsOf(run)).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['b.txt', 5],
      ['a.txt', 5],
    ]);
    expect(await fixture.ledger.promisesOf(run)).toEqual([{ name: 'scene', keys }]);
  });

  it('hands a claim its events with payload, key and trace', async () => {
    const { run, speak } = await open();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const scripted = { type: 'scene.scripted' as const, key: 'a', data: { deep: [1, { two: null }] } };
    await fixture.work.commit(commitOf(speak, [scripted], { traceparent }));
    // Other runs of this file have parts that are due before it.
    const claims = await fixture.claim(host, { functions: ['draw'] });
    expect(claims.find((claim) => claim.run === run)).toMatchObject({
      key: 'a',
      owner: 'alice',
      title: 'A title',
      attempts: 0,
      fence: '1',
      timeoutMs: 30_000,
      events: [{ type: 'scene.scripted', key: 'a', data: scripted.data, traceparent }],
    });
  });

  it('says that the ledger is unreachable when it is', async () => {
    await expect(fixture.ledger.health()).resolves.toBeUndefined();
    const gone = await createLedgerFixture(testTopology({}));
    await gone.close();
    await expect(gone.ledger.health()).rejects.toMatchObject({
      kind: 'transient',
      code: 'ledger-unreachable',
    });
  });
});

describe('removing a run', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({
        speak: [on('pipeline.started')],
        both: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.audio.rendered'], each: 'scene' }],
      }),
    );
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  async function finished(): Promise<{ run: string; key: string }> {
    const run = await fixture.start();
    const speak = await fixture.claimOne(host, { functions: ['speak'] });
    const artifact = artifactOf(speak, 'narration.wav');
    await fixture.work.commit(
      commitOf(speak, [eventOf('scene.illustrated', 'a'), eventOf('scene.illustrated', 'b')], {
        artifacts: [artifact],
        promises: { name: 'scene', keys: ['a'] },
      }),
    );
    return { run, key: artifact.key };
  }

  it('takes all its rows and names the objects that nobody else has', async () => {
    const kept = await finished();
    const { run, key } = await finished();
    expect(await fixture.ledger.removeRun({ run })).toEqual({ keys: [key], hasForks: false });
    const tables = ['run', 'event', 'delivery', 'attempt', 'join_group', 'promise', 'artifact', 'gate'];
    for (const table of tables) {
      const column = table === 'run' ? 'id' : 'run';
      expect(await fixture.rows(`select from ledger.${table} where ${column} = $1`, [run]), table).toEqual(
        [],
      );
    }
    expect(await fixture.rows('select count(*)::int as parts from ledger.join_part')).toEqual([{ parts: 2 }]);
    expect(await fixture.rows('select count(*)::int as keys from ledger.join_key')).toEqual([{ keys: 2 }]);
    expect(await fixture.ledger.getRun(kept.run)).toMatchObject({ state: 'failed' });
    expect(await fixture.ledger.removeRun({ run })).toEqual({ keys: [], hasForks: false });
  });

  it('keeps an object that another run still has', async () => {
    const one = await finished();
    const fork = await finished();
    await fixture.rows('update ledger.artifact set object_key = $2 where run = $1', [fork.run, one.key]);
    expect(await fixture.ledger.removeRun({ run: one.run })).toEqual({ keys: [], hasForks: false });
    expect(await fixture.ledger.removeRun({ run: fork.run })).toEqual({ keys: [one.key], hasForks: false });
  });

  it('refuses a run that goes on, and a late host commits nothing into a removed one', async () => {
    const run = await fixture.start();
    await expect(fixture.ledger.removeRun({ run })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'run-open',
    });
    const claim = await fixture.claimOne(host);
    await fixture.ledger.cancelRun({ run });
    await fixture.ledger.removeRun({ run });
    expect(await fixture.work.commit(commitOf(claim, [eventOf('pipeline.audio.rendered')]))).toBe('refused');
    const failure = { kind: 'permanent', code: 'x', message: 'x' } as const;
    expect(await fixture.work.fail({ claim, failure, delayMs: 0 })).toBe('refused');
    expect(await fixture.rows('select from ledger.event where run = $1', [run])).toEqual([]);
  });
});
