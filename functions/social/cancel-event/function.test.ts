import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('is said once, ends reminders, and is its owner’s to do', async () => {
  const [owner, guest] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner);
  await bench.fixture.rows(
    `insert into people.participation (gathering, account, state, remind_minutes, remind_at, reminded_until)
     values ($1, $2, 'going', 60, now(), now())`,
    [event, guest],
  );
  const cancel = (account: string, versions?: number[]) =>
    bench.give('event.cancel', { event, ...(versions === undefined ? {} : { versions }) }, { account });
  expect(await cancel(guest)).toMatchObject({ status: 403 });
  expect(await cancel(owner, [9])).toMatchObject({ status: 412 });
  expect(await cancel(owner)).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await cancel(owner)).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await bench.facts()).toEqual([
    { type: 'gathering.cancelled', data: { gathering: event, by: owner } },
  ]);
  expect(await bench.fixture.rows('select from people.participation where remind_at is not null')).toEqual(
    [],
  );
});
