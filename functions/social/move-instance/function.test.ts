import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('changes one instance, again the same one, and the version of its series', async () => {
  const account = await bench.somebody();
  const event = await givenEvent(bench, account, { recurrence: { rule: 'FREQ=WEEKLY' } });
  const move = (recurrenceId: string, more: object) =>
    bench.give('event.move-instance', { event, recurrenceId, status: 'scheduled', ...more }, { account });
  const second = '2030-05-08T18:30:00';
  expect(await move(second, { starts: '2030-05-09T10:00:00', title: 'Late tea' })).toMatchObject({
    body: { version: 2 },
  });
  // It lasts as long as its series does.
  expect(await bench.fixture.rows('select ends from people.gathering where series = $1', [event])).toEqual([
    { ends: '2030-05-09T12:30:00' },
  ]);
  expect(await move(second, { status: 'cancelled', versions: [2] })).toMatchObject({ body: { version: 3 } });
  expect(await move(second, { versions: [2] })).toMatchObject({ status: 412 });
  expect(
    await bench.fixture.rows(
      'select recurrence_id, title, starts, ends, status from people.gathering where series = $1',
      [event],
    ),
  ).toEqual([
    {
      ...{ recurrence_id: second, title: 'Tea with the hatter', status: 'cancelled' },
      ...{ starts: second, ends: '2030-05-08T21:00:00' },
    },
  ]);
  for (const none of ['2030-05-08', '2030-05-08T18:30:01', '2030-04-24T18:30:00', '2030-05-07T18:30:00'])
    expect(await move(none, {}), none).toMatchObject({ status: 404 });
  expect(await move(second, { starts: second, ends: '2030-05-08T10:00:00' })).toMatchObject({ status: 400 });
  const once = await givenEvent(bench, account);
  const data = { event: once, recurrenceId: '2030-05-01T18:30:00', status: 'cancelled' };
  expect(await bench.give('event.move-instance', data, { account })).toMatchObject({ status: 404 });
});

it('lets 500 instances differ, and those again', async () => {
  const account = await bench.somebody();
  const event = await givenEvent(bench, account, { recurrence: { rule: 'FREQ=DAILY' } });
  const day = (number: number) =>
    new Date(Date.UTC(2030, 4, 1 + number, 18, 30)).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  await bench.fixture.rows(
    `insert into people.gathering (id, owner, uid, series, recurrence_id, title, description, place, starts, ends,
       all_day, zone, starts_at, ends_at, status, visibility)
     select gen_random_uuid(), s.owner, s.uid, s.id, day, s.title, s.description, s.place, day, day, false, s.zone,
       s.starts_at, s.ends_at, 'cancelled', s.visibility
     from people.gathering s, unnest($2::text[]) as day where s.id = $1`,
    [event, Array.from({ length: 499 }, (_, number) => day(number))],
  );
  const cancel = (number: number) =>
    bench.give('event.move-instance', { event, recurrenceId: day(number), status: 'cancelled' }, { account });
  expect(await cancel(499)).toMatchObject({ status: 200 });
  expect(await cancel(500)).toMatchObject({
    status: 409,
    body: { code: 'moved-too-many' },
  });
  expect(await cancel(7)).toMatchObject({ status: 200 });
});
