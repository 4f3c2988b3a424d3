import { afterAll, beforeEach, expect, it } from 'vitest';
import type { Emit } from '#shared/function';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tickingAt } from '../../../test/ticking.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());
const { rows } = bench.fixture;
const { tick, twoTicks, tickThatDies } = tickingAt(bench, definition);
const askedFor = (events: readonly Emit[]) =>
  events.map(({ data }) => (data as { calendar: string }).calendar).sort();

let user: string;
let due: string[];
/** Feeds of which twenty are due, one is in an hour, and one is not looked at any more. */
beforeEach(async () => {
  await rows('delete from people.calendar');
  user = await bench.somebody();
  const made = await rows<{ id: string; name: string }>(
    `insert into people.calendar (id, owner, kind, name, url, due_at)
     select gen_random_uuid(), $1, 'feed', n::text, 'https://example.org/' || n,
       case when n <= 20 then now() - n * interval '1 minute' when n = 21 then now() + interval '1 hour' end
     from generate_series(1, 22) n returning id, name`,
    [user],
  );
  due = made
    .filter(({ name }) => Number(name) <= 20)
    .map(({ id }) => id)
    .sort();
});

it('asks for each feed whose time has come, once, by five ticks at once', async () => {
  const events = (await Promise.all([tick(), tick(), tick(), tick(), tick()])).flat();
  expect(askedFor(events)).toEqual(due);
  expect(events[0]).toMatchObject({ type: 'calendar.refresh-requested', data: { user } });
  expect(await tick()).toEqual([]);
});

it('passes over what another one asks for just now', async () => {
  const { first, second, hasWaited } = await twoTicks();
  expect([askedFor(first), askedFor(second), hasWaited]).toEqual([due, [], false]);
});

it('that dies before its commit leaves all of them due', async () => {
  await tickThatDies();
  expect(askedFor(await tick())).toEqual(due);
});

it('asks again in an hour for one at which nobody looked', async () => {
  await tick();
  const next = await rows<{ minutes: number }>(
    `select distinct round(extract(epoch from due_at - ledger.ledger_now()) / 60)::int as minutes
     from people.calendar where id = any($1::uuid[])`,
    [due],
  );
  expect(next).toEqual([{ minutes: 60 }]);
  await rows("update people.calendar set due_at = due_at - interval '61 minutes'");
  // With the one that was to come in an hour.
  expect(await tick()).toHaveLength(21);
});
