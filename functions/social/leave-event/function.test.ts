import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('lets in whoever waits longest, once for each place, also when several leave at once', async () => {
  const owner = await bench.somebody();
  const event = await givenEvent(bench, owner, { capacity: 3 });
  const guests = await Promise.all(Array.from({ length: 8 }, () => bench.somebody()));
  for (const [at, guest] of guests.entries())
    await bench.fixture.rows(
      'insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, $3, now())',
      [event, guest, at < 3 ? 'going' : 'waiting'],
    );
  const leave = (account: string) => bench.give('event.leave', { event }, { account });
  const left = await Promise.all([...guests.slice(0, 3), ...guests.slice(0, 3)].map(leave));
  expect(left.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204, 204]);
  const facts = await bench.facts();
  expect(facts.filter(({ type }) => type === 'gathering.left')).toHaveLength(3);
  const promoted = facts.filter(({ type }) => type === 'gathering.promoted');
  expect(promoted.map(({ data }) => (data as { user: string }).user).toSorted()).toEqual(
    guests.slice(3, 6).toSorted(),
  );
  expect(await bench.fixture.rows('select going, waiting from people.gathering')).toEqual([
    { going: 3, waiting: 2 },
  ]);
  expect(await leave(await bench.somebody())).toMatchObject({ status: 204 });
  expect(await leave('operator')).toMatchObject({ status: 404 });
});

it('lets nobody in where the event was cancelled', async () => {
  const owner = await bench.somebody();
  const [goes, waits] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { capacity: 1 });
  for (const [guest, state] of [
    [goes, 'going'],
    [waits, 'waiting'],
  ])
    await bench.fixture.rows(
      'insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, $3, now())',
      [event, guest, state],
    );
  await bench.fixture.rows(`update people.gathering set status = 'cancelled' where id = $1`, [event]);
  expect(await bench.give('event.leave', { event }, { account: goes })).toMatchObject({ status: 204 });
  expect((await bench.facts()).map(({ type }) => type)).toEqual(['gathering.left']);
});
