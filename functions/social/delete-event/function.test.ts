import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('says who took part, in the order in which they asked, and leaves its pictures unused', async () => {
  const owner = await bench.somebody();
  const event = await givenEvent(bench, owner, { capacity: 1 });
  const guests = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  for (const [at, state] of ['going', 'waiting', 'declined'].entries())
    await bench.fixture.rows(
      'insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, $3, now())',
      [event, guests[at], state],
    );
  await bench.fixture.rows(
    `with p as (insert into people.picture (id, owner, unused_since) values (gen_random_uuid(), $1, null) returning id)
     insert into people.picture_use (picture, kind, used_by) select id, 'gathering', $2 from p`,
    [owner, event],
  );
  expect(await bench.give('event.delete', { event }, { account: guests[0] ?? '' })).toMatchObject({
    status: 403,
  });
  expect(await bench.give('event.delete', { event }, { account: owner })).toMatchObject({ status: 204 });
  expect(await bench.give('event.delete', { event }, { account: owner })).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([
    { type: 'gathering.deleted', data: { gathering: event, by: owner, users: guests.slice(0, 2) } },
  ]);
  expect(await bench.fixture.rows('select from people.participation')).toEqual([]);
  expect(await bench.fixture.rows('select from people.picture where unused_since is null')).toEqual([]);
});
