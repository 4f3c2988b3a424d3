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
import type { Claim, NewEvent } from './model.ts';

const started = on('pipeline.started');
const topology = testTopology({
  left: [started],
  right: [started],
  both: [{ kind: 'all', types: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'], each: undefined }],
  scene: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.audio.rendered'], each: 'scene' }],
  mux: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
});
const audio = eventOf('pipeline.audio.rendered');
const thumbnail = eventOf('pipeline.thumbnail.created');
const script = eventOf('pipeline.script.generated');
const illustrated = (key: string): NewEvent => eventOf('scene.illustrated', key);
const rendered = (key: string): NewEvent => eventOf('scene.rendered', key);
const promised = (...keys: string[]) => ({ promises: { name: 'scene', keys } });

interface Fired {
  function: string;
  key: string | null;
  inputs: string[];
}

/** Deliveries that joins of a run fired, their inputs as `type key`. */
async function firedIn(fixture: LedgerFixture, run: string): Promise<Fired[]> {
  return fixture.rows<Fired>(
    `select d.function, d.key, (
       select array_agg(trim(e.type || ' ' || coalesce(e.key, '')) order by e.type, e.key)
       from ledger.event e where e.id = any (d.inputs)) as inputs
     from ledger.delivery d where d.run = $1 and d.inputs is not null order by d.function, d.key`,
    [run],
  );
}

describe('a join', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
  });
  afterAll(() => fixture.close());

  /** A run with its two claims. */
  async function open(): Promise<{ run: string; left: Claim; right: Claim }> {
    const run = await fixture.start();
    const left = await fixture.claimOne(host, { functions: ['left'] });
    const right = await fixture.claimOne(host, { functions: ['right'] });
    return { run, left, right };
  }

  it('of all fires when the last type has come, with one event of each', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [audio]));
    expect(await firedIn(fixture, run)).toEqual([]);
    await fixture.work.commit(commitOf(right, [thumbnail]));
    expect(await firedIn(fixture, run)).toEqual([
      { function: 'both', key: null, inputs: ['pipeline.audio.rendered', 'pipeline.thumbnail.created'] },
    ]);
  });

  it('of all is not moved by a second event of a type that has come', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [audio, audio]));
    await fixture.work.commit(commitOf(right, [audio]));
    expect(await firedIn(fixture, run)).toEqual([]);
  });

  it('of all fires once when a type comes again after it fired', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [audio, thumbnail]));
    await fixture.work.commit(commitOf(right, [audio, thumbnail]));
    expect(await firedIn(fixture, run)).toHaveLength(1);
  });

  it('for each part counts an event without the key for every part, before and after it', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [illustrated('a'), illustrated('b'), audio]));
    await fixture.work.commit(commitOf(right, [illustrated('c')]));
    expect(await firedIn(fixture, run)).toEqual(
      ['a', 'b', 'c'].map((key) => ({
        function: 'scene',
        key,
        inputs: ['pipeline.audio.rendered', `scene.illustrated ${key}`],
      })),
    );
  });

  it('for each part fires a part once, however often its events come', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [illustrated('a'), illustrated('a'), audio]));
    await fixture.work.commit(commitOf(right, [audio, illustrated('a')]));
    expect(await firedIn(fixture, run)).toHaveLength(1);
  });

  it('of each part of a promise fires with the promise and all parts', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [script, rendered('a')], promised('a', 'b', 'b')));
    expect(await firedIn(fixture, run)).toEqual([]);
    await fixture.work.commit(commitOf(right, [rendered('b'), rendered('b')]));
    expect(await firedIn(fixture, run)).toEqual([
      {
        function: 'mux',
        key: null,
        inputs: ['pipeline.script.generated', 'scene.rendered a', 'scene.rendered b'],
      },
    ]);
  });

  it('of each part fires at once when no part was promised', async () => {
    const { run, left } = await open();
    await fixture.work.commit(commitOf(left, [script], promised()));
    expect(await firedIn(fixture, run)).toEqual([
      { function: 'mux', key: null, inputs: ['pipeline.script.generated'] },
    ]);
  });

  it('of each part waits for the promise when the parts come first', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [rendered('a'), rendered('b'), rendered('c')]));
    expect(await firedIn(fixture, run)).toEqual([]);
    await fixture.work.commit(commitOf(right, [script], promised('a', 'b', 'c')));
    expect((await firedIn(fixture, run)).map(({ inputs }) => inputs.length)).toEqual([4]);
  });

  it('of each part is not completed by parts that nobody promised', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [script, rendered('x')], promised('a', 'b')));
    await fixture.work.commit(commitOf(right, [rendered('a'), rendered('y'), rendered('z')]));
    expect(await firedIn(fixture, run)).toEqual([]);
  });

  it('keeps its frozen inputs when events of its types come later', async () => {
    const { run, left, right } = await open();
    await fixture.work.commit(commitOf(left, [script, rendered('a')], promised('a')));
    const before = await firedIn(fixture, run);
    await fixture.work.commit(commitOf(right, [rendered('b'), script]));
    expect(await firedIn(fixture, run)).toEqual(before);
  });

  it('refuses a part without its key, which would count for all of them', async () => {
    const { run, left } = await open();
    for (const event of [eventOf('scene.rendered'), eventOf('scene.illustrated', '')]) {
      await expect(fixture.work.commit(commitOf(left, [event]))).rejects.toMatchObject({
        code: 'event-key-missing',
        kind: 'permanent',
      });
    }
    expect(await fixture.rows('select from ledger.event where run = $1', [run])).toHaveLength(1);
  });

  it('of two runs are apart', async () => {
    const one = await open();
    const other = await open();
    await fixture.work.commit(commitOf(one.left, [audio]));
    await fixture.work.commit(commitOf(other.right, [thumbnail]));
    expect(await firedIn(fixture, one.run)).toEqual([]);
    expect(await firedIn(fixture, other.run)).toEqual([]);
  });
});

const ROUNDS = 1_000;
/** Rounds that go on at the same time, two sessions each. */
const WIDTH = 4;

describe.each([
  {
    name: 'two last parts of all',
    left: { events: [audio] },
    right: { events: [thumbnail] },
    fires: { function: 'both', inputs: 2 },
  },
  {
    name: 'a keyless event against a new key',
    left: { events: [audio] },
    right: { events: [illustrated('a')] },
    fires: { function: 'scene', inputs: 2 },
  },
  {
    name: 'three parts in one commit against their promise',
    left: { events: [rendered('a'), rendered('b'), rendered('c')] },
    right: { events: [script], ...promised('a', 'b', 'c') },
    fires: { function: 'mux', inputs: 4 },
  },
  {
    name: 'promise and first part in one commit against the last two parts',
    left: { events: [script, rendered('a')], ...promised('a', 'b', 'c') },
    right: { events: [rendered('b'), rendered('c')] },
    fires: { function: 'mux', inputs: 4 },
  },
  {
    name: 'two last parts of a promise',
    before: { events: [script], ...promised('a', 'b') },
    left: { events: [rendered('a')] },
    right: { events: [rendered('b')] },
    fires: { function: 'mux', inputs: 3 },
  },
  {
    name: 'parts of several joins in opposite order',
    left: { events: [audio, rendered('a'), script], ...promised('a', 'b') },
    right: { events: [rendered('b'), illustrated('a'), thumbnail] },
    fires: { function: 'mux', inputs: 3 },
  },
])('a thousand races: $name', ({ before, left, right, fires }) => {
  let fixture: LedgerFixture;

  beforeAll(async () => {
    const first = before === undefined ? {} : { first: [started] };
    const functions = { left: [started], right: [started], ...first };
    fixture = await createLedgerFixture(
      testTopology({
        ...functions,
        ...Object.fromEntries(topology.functions.slice(2).map(({ name, triggers }) => [name, triggers])),
      }),
      { max: 2 * WIDTH },
    );
  });
  afterAll(() => fixture.close());

  it('fires exactly once, its inputs complete', { timeout: 240_000 }, async () => {
    const host = await fixture.host();
    const runs = Array.from({ length: ROUNDS }, (_, round) => round);
    await inParallel(runs, 2 * WIDTH, async () => void (await fixture.start()));
    const claims = new Map<string, Map<string, Claim>>();
    for (const claim of await fixture.claim(host, { limit: 3 * ROUNDS })) {
      claims.set(claim.run, (claims.get(claim.run) ?? new Map()).set(claim.function, claim));
    }
    const claimOf = (run: Map<string, Claim>, name: string): Claim => {
      const claim = run.get(name);
      if (claim === undefined) throw new Error(`${name} was not claimed`);
      return claim;
    };
    if (before !== undefined) {
      await inParallel([...claims.values()], WIDTH, async (run) => {
        await fixture.work.commit(commitOf(claimOf(run, 'first'), before.events, before));
      });
    }
    await inParallel([...claims.values()], WIDTH, async (run) => {
      const meet = barrier(2);
      // Both hold their transaction open, and the run's shared lock, before either touches a join.
      const write = async () => {
        await meet();
        return {};
      };
      const outcomes = await Promise.all([
        fixture.work.commit(commitOf(claimOf(run, 'left'), left.events, { ...left, write })),
        fixture.work.commit(commitOf(claimOf(run, 'right'), right.events, { ...right, write })),
      ]);
      expect(outcomes).toEqual(['committed', 'committed']);
    });

    const fired = await fixture.rows<{ firings: string; inputs: string; runs: bigint }>(
      `select firings, inputs, count(*) as runs from (
         select r.id, count(d.id)::text as firings, max(cardinality(d.inputs))::text as inputs
         from ledger.run r left join ledger.delivery d on d.run = r.id and d.function = $1 group by r.id
       ) by_run group by firings, inputs`,
      [fires.function],
    );
    expect(fired).toEqual([{ firings: '1', inputs: String(fires.inputs), runs: BigInt(ROUNDS) }]);
  });
});
