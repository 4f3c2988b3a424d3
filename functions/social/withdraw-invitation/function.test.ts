import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('ends once, and leaves an answer that was given', async () => {
  const [owner, guest] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { visibility: 'invited' });
  await bench.fixture.rows('insert into people.invitation (gathering, account) values ($1, $2)', [
    event,
    guest,
  ]);
  await bench.fixture.rows(
    `insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, 'going', now())`,
    [event, guest],
  );
  const withdraw = (account: string) => bench.give('guest.withdraw', { event, guest }, { account });
  expect(await withdraw(guest)).toMatchObject({ status: 403 });
  expect(await withdraw(owner)).toMatchObject({ status: 204 });
  expect(await withdraw(owner)).toMatchObject({ status: 404 });
  expect(await bench.fixture.rows('select state from people.participation')).toEqual([{ state: 'going' }]);
});
