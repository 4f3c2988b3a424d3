import { afterAll, expect, it } from 'vitest';
import { promote, withRoom } from '#shared/gatherings';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());

it('moves up as many as there is room for, and nobody where it was cancelled', async () => {
  const owner = await bench.somebody();
  const events = [
    await givenEvent(bench, owner, { capacity: 2 }),
    await givenEvent(bench, owner, { capacity: 2 }),
  ];
  for (const event of events)
    for (let turn = 0; turn < 3; turn += 1)
      await bench.fixture.rows(
        `insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, 'waiting', now())`,
        [event, await bench.somebody()],
      );
  await bench.fixture.rows(`update people.gathering set status = 'cancelled' where id = $1`, [events[1]]);
  const [first = ''] = events;
  // Two that tick at once pass each other.
  const filled = await Promise.all(
    [1, 2].map(() =>
      bench.within(async (tx) => {
        const found = await withRoom(tx, 20);
        return (await Promise.all(found.map((id) => promote(tx, id)))).flat();
      }),
    ),
  );
  expect(filled.flat()).toHaveLength(2);
  expect(
    await bench.fixture.rows('select going, waiting from people.gathering where id = $1', [first]),
  ).toEqual([{ going: 2, waiting: 1 }]);
  expect(definition.consumes).toEqual(['schedule.ticked']);
});
