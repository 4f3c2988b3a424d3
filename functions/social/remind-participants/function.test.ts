import { afterAll, expect, it } from 'vitest';
import { takeReminders } from '#shared/gatherings';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());

it('ten at once remind each of a hundred once', async () => {
  const owner = await bench.somebody();
  const [at] = await bench.fixture.rows<{ soon: Date }>(`select now() + interval '30 minutes' as soon`);
  const starts = at?.soon.toISOString().slice(0, 19);
  const event = await givenEvent(bench, owner, { starts, ends: undefined, zone: 'UTC' });
  await bench.fixture.rows(
    `with made as (
       insert into people.account (id, email, handle, name, password)
       select gen_random_uuid(), 'r' || n, 'r' || n, 'n', 'none' from generate_series(1, 100) n returning id)
     insert into people.participation (gathering, account, state, remind_minutes, remind_at, reminded_until)
     select $1, id, 'going', 60, now(), now() - interval '1 hour' from made`,
    [event],
  );
  const due = await Promise.all(
    Array.from({ length: 10 }, () => bench.within((tx) => takeReminders(tx, 30))),
  );
  const rest = await bench.within((tx) => takeReminders(tx, 100));
  const told = [...due.flat(), ...rest].map(({ account }) => account);
  expect(told).toHaveLength(100);
  expect(new Set(told).size).toBe(100);
});
