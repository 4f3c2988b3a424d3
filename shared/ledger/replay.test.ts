import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  artifactOf,
  commitOf,
  createLedgerFixture,
  eventOf,
  inParallel,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';

const topology = testTopology({
  write: [on('pipeline.started')],
  speak: [on('pipeline.script.generated')],
  draw: [on('scene.scripted')],
  render: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.audio.rendered'], each: 'scene' }],
  mux: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
  tell: [on('pipeline.video.assembled')],
});
const scenes = ['s1', 's2', 's3'];

describe('a replay', () => {
  let fixture: LedgerFixture;
  let host: string;
  const ran: string[] = [];

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  /** Works until nothing is due; `tell` writes a row of its own. */
  async function work(failing?: string): Promise<string[]> {
    ran.length = 0;
    for (let claims = await fixture.claim(host); claims.length > 0; claims = await fixture.claim(host)) {
      for (const claim of claims) {
        ran.push(claim.key === null ? claim.function : `${claim.function} ${claim.key}`);
        if (claim.function === failing) {
          const failure = { kind: 'permanent', code: 'broken', message: 'no' } as const;
          await fixture.work.fail({ claim, failure, delayMs: 0 });
          continue;
        }
        const key = claim.key ?? '';
        const made = {
          write: () =>
            commitOf(
              claim,
              [eventOf('pipeline.script.generated'), ...scenes.map((one) => eventOf('scene.scripted', one))],
              { promises: { name: 'scene', keys: scenes }, artifacts: [artifactOf(claim, 'script.json')] },
            ),
          speak: () =>
            commitOf(claim, [eventOf('pipeline.audio.rendered')], {
              artifacts: [artifactOf(claim, 'narration.wav')],
            }),
          draw: () =>
            commitOf(claim, [eventOf('scene.illustrated', key)], { artifacts: [artifactOf(claim, 'a.png')] }),
          render: () =>
            commitOf(claim, [eventOf('scene.rendered', key)], { artifacts: [artifactOf(claim, 'a.mp4')] }),
          mux: () => commitOf(claim, [eventOf('pipeline.video.assembled')]),
          tell: () => commitOf(claim, [], { write: async () => ({}) }),
        }[claim.function];
        if (made === undefined) throw new Error(claim.function);
        expect(await fixture.work.commit(made())).toBe('committed');
      }
    }
    return [...ran].sort();
  }
  async function finished(): Promise<string> {
    const run = await fixture.start();
    await work();
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
    return run;
  }
  /** All rows of a run but the clock's. */
  const rowsOf = (run: string) =>
    Promise.all(
      ['run', 'event', 'delivery', 'artifact', 'promise', 'join_group'].map((table) =>
        fixture.rows(
          `select t.*::text as row from ledger.${table} t where ${table === 'run' ? 'id' : 'run'} = $1 order by 1`,
          [run],
        ),
      ),
    );

  it.each<[string, { from: string; key?: string; redo?: string[] }, string[]]>([
    ['the last step but what wrote rows', { from: 'mux' }, ['mux']],
    ['one part', { from: 'draw', key: 's2' }, ['draw s2', 'mux', 'render s2']],
    ['every part of a step', { from: 'render' }, ['mux', 'render s1', 'render s2', 'render s3']],
    ['a branch', { from: 'speak' }, ['mux', 'render s1', 'render s2', 'render s3', 'speak']],
    [
      'the beginning',
      { from: 'write' },
      [
        ...scenes.map((one) => `draw ${one}`),
        'mux',
        ...scenes.map((one) => `render ${one}`),
        'speak',
        'write',
      ],
    ],
    ['what wrote rows, being named', { from: 'mux', redo: ['tell'] }, ['mux', 'tell']],
    ['what wrote rows itself', { from: 'tell' }, ['tell']],
  ])(
    'of %s makes again what descends from it and nothing else, and comes to its end',
    async (_, request, again) => {
      const run = await finished();
      const before = JSON.stringify(await rowsOf(run));
      const dry = await fixture.operations.replay({ run, ...request, dryRun: true });
      expect(dry.run).toBeUndefined();
      const replayed = await fixture.operations.replay({ run, ...request });
      expect({ ...replayed, run: undefined, created: undefined }).toEqual({
        ...dry,
        run: undefined,
        created: undefined,
      });
      expect(await work()).toEqual([...again].sort());
      const said = [...dry.due, ...dry.again].reduce((sum, { deliveries }) => sum + deliveries, 0);
      expect(said).toBe(again.length);
      const fork = replayed.run ?? '';
      expect(await fixture.ledger.getRun(fork)).toMatchObject({ state: 'completed', title: 'A title' });
      const shape = async (id: string) =>
        (await fixture.ledger.deliveriesOf([id]))
          .map((one) => `${one.function} ${one.key} ${one.state}`)
          .sort();
      expect(await shape(fork)).toEqual(await shape(run));
      expect(await fixture.ledger.artifactsOf(fork)).toHaveLength(8);
      expect(JSON.stringify(await rowsOf(run))).toBe(before);
      expect(await fixture.operations.timelineOf(fork)).toMatchObject({ forkedFrom: run });
    },
  );

  it('shares objects: they go with their last row', async () => {
    const run = await finished();
    const { run: fork = '' } = await fixture.operations.replay({ run, from: 'mux' });
    await work();
    expect((await fixture.ledger.removeRun({ run })).keys).toEqual([]);
    expect((await fixture.ledger.removeRun({ run: fork })).keys).toHaveLength(8);
  });

  it('of a replay reads the input of the first run, which stays while anybody does', async () => {
    const run = await finished();
    const { run: child = '' } = await fixture.operations.replay({ run, from: 'mux' });
    await work();
    const { run: grandchild = '' } = await fixture.operations.replay({ run: child, from: 'mux' });
    await work();
    expect(await fixture.ledger.removeRun({ run: child })).toMatchObject({ hasForks: true });
    expect(await fixture.ledger.removeRun({ run })).toMatchObject({ hasForks: true });
    expect(await fixture.ledger.removeRun({ run: grandchild })).toMatchObject({ hasForks: false });
  });

  it('of a failed run makes what was dead due again too', async () => {
    const run = await fixture.start();
    await work('speak');
    expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'failed' });
    const { run: fork = '', due } = await fixture.operations.replay({ run, from: 'draw', key: 's1' });
    expect(due.map((one) => one.function).sort()).toEqual(['draw', 'speak']);
    await work();
    expect(await fixture.ledger.getRun(fork)).toMatchObject({ state: 'completed' });
  });

  it('with the same key is made once, by any number at once; with another step the key is refused', async () => {
    const run = await finished();
    const answers: (string | undefined)[] = [];
    await inParallel(Array.from({ length: 8 }), 8, async () => {
      answers.push((await fixture.operations.replay({ run, from: 'speak', idempotencyKey: 'k' })).run);
    });
    expect(new Set(answers).size).toBe(1);
    expect((await work()).filter((one) => one === 'speak')).toHaveLength(1);
    await expect(fixture.operations.replay({ run, from: 'mux', idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });

  it('with the same key keeps to what it was told to make again, in any order', async () => {
    const run = await finished();
    const request = { run, from: 'mux', idempotencyKey: 'redone' };
    const first = await fixture.operations.replay({ ...request, redo: ['tell', 'speak'] });
    expect(await fixture.operations.replay({ ...request, redo: ['speak', 'tell', 'speak'] })).toMatchObject({
      run: first.run,
      created: false,
    });
    for (const other of [{ redo: ['tell'] }, { redo: [] }, {}]) {
      await expect(fixture.operations.replay({ ...request, ...other })).rejects.toMatchObject({
        code: 'idempotency-key-reused',
      });
    }
    expect(await fixture.operations.timelineOf(first.run ?? '')).toMatchObject({
      replayedFrom: 'mux, redo speak tell',
    });
    await work();
  });

  it('can itself be replayed', async () => {
    const run = await finished();
    const { run: first = '' } = await fixture.operations.replay({ run, from: 'render', key: 's1' });
    await work();
    const { run: second = '' } = await fixture.operations.replay({ run: first, from: 'mux' });
    expect(await work()).toEqual(['mux']);
    expect(await fixture.ledger.getRun(second)).toMatchObject({ state: 'completed' });
  });

  const forkOf = async (run: string, request: { from: string; redo?: string[] }): Promise<string> =>
    (await fixture.operations.replay({ run, ...request })).run ?? '';
  const tellsOf = (run: string) =>
    fixture.rows<{ own: boolean; from: string | null }>(
      `select e.run = d.run as own, e.copied_from as from from ledger.delivery d join ledger.event e on e.id = d.event
       where d.run = $1 and d.function = 'tell'`,
      [run],
    );

  it('of a replay that kept a step does it anew on what that replay made, not on what the first run had', async () => {
    const kept = await forkOf(await finished(), { from: 'mux' });
    expect(await work()).toEqual(['mux']);
    expect(await tellsOf(kept)).toMatchObject([{ own: false }]);
    const [made] = await fixture.rows<{ id: string }>(
      `select id from ledger.event where run = $1 and type = 'pipeline.video.assembled'`,
      [kept],
    );

    const again = await forkOf(kept, { from: 'tell' });
    expect(await tellsOf(again)).toEqual([{ own: true, from: made?.id }]);
    expect(await work()).toEqual(['tell']);

    const named = await forkOf(kept, { from: 'mux', redo: ['tell'] });
    expect(await work()).toEqual(['mux', 'tell']);
    expect(await tellsOf(named)).toMatchObject([{ own: true }]);
  });

  it('of a replay that never came to a step which it kept does not take the first run’s for its own', async () => {
    const failed = await forkOf(await finished(), { from: 'mux' });
    await work('mux');
    await expect(forkOf(failed, { from: 'tell' })).rejects.toMatchObject({ code: 'step-not-reached' });
    const named = await forkOf(failed, { from: 'mux', redo: ['tell'] });
    expect(await work()).toEqual(['mux', 'tell']);
    expect(await tellsOf(named)).toMatchObject([{ own: true }]);
  });

  it('is refused where there is nothing to fork', async () => {
    const open = await fixture.start();
    await expect(fixture.operations.replay({ run: open, from: 'write' })).rejects.toMatchObject({
      code: 'run-open',
    });
    await fixture.ledger.cancelRun({ run: open });
    await expect(fixture.operations.replay({ run: open, from: 'mux' })).rejects.toMatchObject({
      code: 'step-not-reached',
    });
    await expect(fixture.operations.replay({ run: open, from: 'wirte' })).rejects.toMatchObject({
      code: 'step-unknown',
      message: expect.stringContaining('"write"'),
    });
    for (const wrong of [{ run: 'x' }, { run: open, owner: 'mallory' }]) {
      await expect(fixture.operations.replay({ from: 'write', ...wrong })).rejects.toMatchObject({
        code: 'run-unknown',
      });
    }
  });
});
