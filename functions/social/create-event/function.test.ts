import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tea } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('makes one for a key, whose words stand in one place alone', async () => {
  const alice = await bench.somebody();
  const given = await Promise.all(
    [1, 2, 3].map(() => bench.give('event.create', tea, { account: alice, key: 'a' })),
  );
  const { event } = (given[0]?.body ?? {}) as { event: string };
  expect(given).toMatchObject([1, 2, 3].map(() => ({ status: 200, body: { event } })));
  expect(await bench.facts()).toEqual([
    { type: 'gathering.created', data: { gathering: event, user: alice } },
  ]);
  expect(await bench.fixture.rows('select title, starts_at from people.gathering')).toEqual([
    { title: tea.title, starts_at: new Date('2030-05-01T16:30:00Z') },
  ]);
  expect(await bench.fixture.rows("select from ledger.event where data::text like '%hatter%'")).toEqual([]);
});

it.each<[what: string, more: object, field: string]>([
  ['an end before its start', { ends: '2030-05-01T18:00:00' }, 'ends'],
  ['a rule that is none', { recurrence: { rule: 'FREQ=NEVER' } }, 'recurrence.rule'],
  ['a further date that is a day', { recurrence: { dates: ['2030-05-02'] } }, 'recurrence.dates'],
])('refuses %s', async (_, more, field) => {
  const account = await bench.somebody();
  const answer = await bench.give('event.create', { ...tea, ...more }, { account });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});

it('is for those who registered, and each has only so many series', async () => {
  expect(await bench.give('event.create', tea, { account: 'operator' })).toMatchObject({ status: 404 });
  const account = await bench.somebody();
  await bench.fixture.rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, starts_at, ends_at, rule)
     select gen_random_uuid(), $1, n::text, 'n', '', '', now(), now(), 'FREQ=DAILY' from generate_series(1, 200) n`,
    [account],
  );
  const daily = { ...tea, recurrence: { rule: 'FREQ=DAILY' } };
  const answer = await bench.give('event.create', daily, { account });
  expect(answer).toMatchObject({ status: 409, body: { code: 'series-too-many' } });
  expect(await bench.give('event.create', tea, { account })).toMatchObject({ status: 200 });
});
