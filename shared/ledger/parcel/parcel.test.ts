import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../../test/ledger-fixture.ts';
import { loadRunRows, type RunRows, readRunRows, runRows } from '../index.ts';

/** Columns that stay where they are: whose and where the run is, what a claim looks for, what a caller's key was. */
const LEFT_BEHIND: Readonly<Record<string, readonly string[]>> = {
  run: ['seq', 'owner'],
  event: ['run', 'outside_id', 'request_hash'],
  delivery: [
    'run',
    'owner',
    'lane',
    'turn',
    'open',
    'dead',
    'seq',
    'later_at',
    'host',
    'wake_ups',
    'wake_at',
    'wake_round',
  ],
  attempt: ['run', 'host'],
  join_group: ['run'],
  join_part: [],
  join_key: [],
  promise: ['run'],
  artifact: ['run'],
  gate: ['run'],
};

const topology = testTopology({
  write: [on('pipeline.started')],
  speak: [on('pipeline.script.generated')],
  show: [{ kind: 'all', types: ['scene.illustrated', 'pipeline.audio.rendered'], each: 'scene' }],
  join: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
});

let there: LedgerFixture;
let here: LedgerFixture;
let rows: RunRows;
let dead = '';

/** A run of which one part of two is done, one is dead, and a join waits. */
beforeAll(async () => {
  [there, here] = await Promise.all([createLedgerFixture(topology), createLedgerFixture(topology)]);
  const host = await there.host();
  const run = await there.start({ title: 'Hearts', labels: { for: 'a test' } });
  const parts = ['scene-001', 'scene-002'];
  await there.work.commit(
    commitOf(
      await there.claimOne(host),
      [eventOf('pipeline.script.generated'), ...parts.map((key) => eventOf('scene.illustrated', key))],
      { promises: { name: 'scene', keys: parts } },
    ),
  );
  await there.work.commit(commitOf(await there.claimOne(host), [eventOf('pipeline.audio.rendered')]));
  const [first, second] = await there.claim(host);
  if (first === undefined || second === undefined) throw new Error('two were to be due');
  await there.work.commit(commitOf(first, [eventOf('scene.rendered', first.key ?? '')]));
  dead = second.id;
  const failure = { kind: 'permanent', code: 'broken', message: 'It is broken.' } as const;
  await there.work.fail({ claim: second, failure, delayMs: 0 });
  rows = await readRunRows(there.pool, { run });
}, 120_000);

afterAll(() => Promise.all([there.close(), here.close()]));

const copyOf = (change: (rows: RunRows) => void): RunRows => {
  const copy = structuredClone(rows);
  change(copy);
  return copy;
};

describe('the rows of a run that travels', () => {
  it('hold every column of every table, but those that are left behind on purpose', async () => {
    const { shape } = runRows;
    for (const [table, schema] of Object.entries(shape)) {
      const columns = await there.rows<{ name: string }>(
        `select column_name as name from information_schema.columns where table_schema = 'ledger' and table_name = $1`,
        [table],
      );
      const row = 'element' in schema ? schema.element : schema;
      const travelling = Object.keys((row as { shape: object }).shape);
      const known = [...travelling, ...(LEFT_BEHIND[table] ?? [])];
      const names = columns.map(({ name }) => name);
      expect(
        names.filter((name) => !known.includes(name)),
        table,
      ).toEqual([]);
      expect(
        travelling.filter((name) => !names.includes(name)),
        table,
      ).toEqual([]);
    }
  });

  it('are those of a run that has ended, and of its owner where one is named', async () => {
    const open = await there.start();
    await expect(readRunRows(there.pool, { run: open })).rejects.toMatchObject({ code: 'run-open' });
    await expect(readRunRows(there.pool, { run: rows.run.id, owner: 'bob' })).rejects.toMatchObject({
      code: 'run-unknown',
    });
    await expect(readRunRows(there.pool, { run: "' or true" })).rejects.toMatchObject({
      code: 'run-unknown',
    });
    expect(JSON.stringify(rows)).not.toContain('alice');
  });

  it('stand in another ledger as they stood, and go on from there when they are retried', async () => {
    const { id } = rows.run;
    await loadRunRows(here.pool, rows, { owner: 'carol' });
    expect(await readRunRows(here.pool, { run: id, owner: 'carol' })).toEqual({
      ...rows,
      join_group: expect.any(Array),
      join_part: expect.any(Array),
      join_key: expect.any(Array),
    });
    const before = await there.operations.timelineOf(id);
    const after = await here.operations.timelineOf(id);
    expect(after?.waiting).toEqual(before?.waiting);
    expect(after?.steps.map(({ function: name, key, state, error }) => [name, key, state, error])).toEqual(
      before?.steps.map(({ function: name, key, state, error }) => [name, key, state, error]),
    );
    const host = await here.host();
    expect(await here.claim(host)).toEqual([]);
    await here.operations.retryDelivery({ delivery: dead });
    const claim = await here.claimOne(host);
    expect(claim.id).toBe(dead);
    await here.work.commit(commitOf(claim, [eventOf('scene.rendered', claim.key ?? '')]));
    const joined = await here.claimOne(host);
    expect(joined.function).toBe('join');
    expect(joined.events.filter(({ type }) => type === 'scene.rendered').map(({ key }) => key)).toEqual([
      'scene-001',
      'scene-002',
    ]);
    await here.work.commit(commitOf(joined));
    expect(await here.ledger.getRun(id)).toMatchObject({ state: 'completed', owner: 'carol' });
  });

  it.each<[string, (rows: RunRows) => void, string]>([
    ['a run that is there', () => undefined, 'run-exists'],
    ['a flow that is unknown', ({ run }) => Object.assign(run, { flow: 'dreams' }), 'flow-unknown'],
    [
      'deliveries of a run that is there',
      ({ run }) => Object.assign(run, { id: '0198c0de-0000-8000-a000-000000000000' }),
      'rows-collide',
    ],
  ])('are refused with %s, and nothing of them stays', async (_, change, code) => {
    const before = await here.rows('select * from ledger.run order by id');
    await expect(loadRunRows(here.pool, copyOf(change), { owner: 'carol' })).rejects.toMatchObject({ code });
    expect(await here.rows('select * from ledger.run order by id')).toEqual(before);
  });
});
