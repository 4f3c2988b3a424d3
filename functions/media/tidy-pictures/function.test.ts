import { afterAll, beforeEach, expect, it } from 'vitest';
import type { Emit } from '#shared/function';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tickingAt } from '../../../test/ticking.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());
const { rows } = bench.fixture;
const { tick, twoTicks, tickThatDies } = tickingAt(bench, definition);
const idsOf = (events: readonly Emit[]) =>
  events.map(({ data }) => (data as { picture: string }).picture).sort();
const left = async () =>
  (
    await rows<{ days: string | null }>(
      `select round(extract(epoch from now() - unused_since) / 86400, 1)::text as days from people.picture order by 1`,
    )
  ).map(({ days }) => days);

let user: string;
let old: string[];
/** Pictures that nothing showed for 0.9 days, and ten of more than one; and one that something shows. */
beforeEach(async () => {
  await rows('delete from people.picture');
  user = await bench.somebody();
  await rows(
    `insert into people.picture (id, owner, state, unused_since)
     values (gen_random_uuid(), $1, 'ready', now() - interval '0.9 days'), (gen_random_uuid(), $1, 'ready', null)`,
    [user],
  );
  const made = await rows<{ id: string }>(
    `insert into people.picture (id, owner, state, unused_since)
     select gen_random_uuid(), $1, case when n = 1 then 'refused' else 'ready' end, now() - n * interval '1.1 days'
     from generate_series(1, 10) n returning id`,
    [user],
  );
  old = made.map(({ id }) => id).sort();
});

it('removes what nothing showed for a day, each once, by five ticks at once, and nothing else', async () => {
  const events = (await Promise.all([tick(), tick(), tick(), tick(), tick()])).flat();
  expect(idsOf(events)).toEqual(old);
  // What removes the bytes is told whose they are.
  expect(events[0]).toMatchObject({ type: 'picture.removed', data: { user } });
  expect(await left()).toEqual(['0.9', null]);
  expect(await tick()).toEqual([]);
});

it('passes over what another one removes just now', async () => {
  const { first, second, hasWaited } = await twoTicks();
  expect([idsOf(first), idsOf(second), hasWaited]).toEqual([old, [], false]);
});

it('that dies before its commit removed nothing, and the next one removes it', async () => {
  await tickThatDies();
  expect(await left()).toHaveLength(12);
  expect(idsOf(await tick())).toEqual(old);
});

it('leaves what is used again', async () => {
  await rows('update people.picture set unused_since = null where id = $1', [old[0]]);
  expect(idsOf(await tick())).toEqual(old.slice(1));
});
