import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCalendars } from '#shared/calendars';
import { holdOwn, moveInstance } from '#shared/gatherings';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent, tea } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('says what changed; of two changes of one version one holds; what changes nothing is none', async () => {
  const account = await bench.somebody();
  const event = await givenEvent(bench, account);
  const change = (more: object) => bench.give('event.update', { ...tea, event, ...more }, { account });
  expect(await change({})).toMatchObject({ status: 200, body: { version: 1 } });
  expect(await bench.facts()).toEqual([]);
  const both = await Promise.all(['A', 'B'].map((title) => change({ title, versions: [1] })));
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  await change({ starts: '2030-05-01T19:00:00', visibility: 'invited' });
  expect((await bench.facts()).map(({ data }) => (data as { changes: string[] }).changes)).toEqual([
    ['text'],
    ['time', 'text', 'visibility'],
  ]);
});

it('is for its owner alone, and what was imported is changed where it comes from', async () => {
  const [owner, other] = [await bench.somebody(), await bench.somebody()];
  const [event, hidden] = [
    await givenEvent(bench, owner),
    await givenEvent(bench, owner, { visibility: 'invited' }),
  ];
  const asked = (id: string, account: string) =>
    bench.give('event.update', { ...tea, event: id }, { account });
  expect(await asked(event, other)).toMatchObject({ status: 403, body: { code: 'event-not-yours' } });
  expect(await asked(hidden, other)).toMatchObject({ status: 404 });
  expect(await asked(randomUUID(), owner)).toMatchObject({ status: 404 });
  const [calendar] = await bench.fixture.rows<{ id: string }>(
    `insert into people.calendar (id, owner, name, kind) values (gen_random_uuid(), $1, 'Mine', 'file') returning id`,
    [owner],
  );
  await bench.fixture.rows('update people.gathering set calendar = $2 where id = $1', [event, calendar?.id]);
  expect(await asked(event, owner)).toMatchObject({ status: 409, body: { code: 'event-imported' } });
});

it('hides instances that were moved with their series', async () => {
  const [owner, stranger] = [await bench.somebody(), await bench.somebody()];
  const series = { recurrence: { rule: 'FREQ=WEEKLY' } };
  const event = await givenEvent(bench, owner, series);
  await bench.within(async (tx) => {
    const held = await holdOwn(tx, { id: event, account: owner });
    const content = { status: 'scheduled', title: 'A surprise', place: undefined, times: undefined } as const;
    await moveInstance(tx, { held, id: randomUUID(), recurrenceId: '2030-05-08T18:30:00', content });
  });
  const { gathering } = createCalendars({ pool: bench.fixture.pool });
  expect((await gathering({ id: event, viewer: stranger }))?.entries).toHaveLength(2);
  const hidden = { ...tea, ...series, event, visibility: 'invited' };
  expect(await bench.give('event.update', hidden, { account: owner })).toMatchObject({ status: 200 });
  expect((await gathering({ id: event, viewer: owner }))?.entries).toHaveLength(2);
  expect(await gathering({ id: event, viewer: stranger })).toBeUndefined();
});
