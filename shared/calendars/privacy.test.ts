import { afterAll, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { givenEvent } from '../../test/given-event.ts';
import { createCalendars } from './calendars.ts';

const bench: CommandBench = await createCommandBench();
const calendars = createCalendars({ pool: bench.fixture.pool });
afterAll(() => bench.close());

it.each([
  ['going', false, 1],
  ['maybe', false, 1],
  ['declined', false, 0],
  ['going', true, 0],
])('one’s own calendar, of who is %s, behind a block: %s, has %i', async (state, isBlocked, times) => {
  const [owner, guest] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner);
  await bench.fixture.rows(
    'insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, $3, now())',
    [event, guest, state],
  );
  if (isBlocked)
    await bench.fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', [owner, guest]);
  const calendar = await calendars.find({ owner: guest, id: guest });
  expect(calendar && (await calendars.entries(calendar))).toHaveLength(times);
});
