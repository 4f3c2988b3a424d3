import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tickingAt } from '../../../test/ticking.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());

const { tick } = tickingAt(bench, definition);
/** A run that settled so many seconds from now. */
async function ended(
  owner: string,
  { state = 'completed', flow = 'video', seconds = 60, from = 0 } = {},
): Promise<string> {
  const id = randomUUID();
  await bench.fixture.rows(
    `insert into ledger.run (id, flow, owner, title, state, created_at, settled_at)
     values ($1, $2, $3, 'T', $4, now() + ($6 - $5::int) * interval '1 second', now() + $6::int * interval '1 second')`,
    [id, flow, owner, state, seconds, from],
  );
  return id;
}
const toldOf = async (owner: string) =>
  (
    await bench.fixture.rows<{ kind: string; subject: string }>(
      'select kind, subject from people.notification where account = $1 order by changed_at, id',
      [owner],
    )
  ).map(({ kind, subject }) => [kind, subject]);

it('tells each once of his own runs that took long or failed, by five ticks at once', async () => {
  const [ada, bob] = [await bench.somebody(), await bench.somebody()];
  const long = await ended(ada);
  const failed = await ended(ada, { state: 'failed', seconds: 1 });
  const his = await ended(bob);
  for (const none of [
    { seconds: 5 },
    { state: 'cancelled' },
    { flow: 'command', seconds: 60 },
    // It may not be visible to all yet.
    { from: 60 },
  ])
    await ended(ada, none);
  await ended('operator');
  await ended(randomUUID());
  await bench.fixture.shiftClock('30 seconds');
  await Promise.all([tick(), tick(), tick(), tick(), tick()]);
  expect((await toldOf(ada)).sort()).toEqual(
    [
      ['run-completed', long],
      ['run-failed', failed],
    ].sort(),
  );
  expect(await toldOf(bob)).toEqual([['run-completed', his]]);
  await bench.fixture.shiftClock('1 minute');
  await tick();
  expect(await toldOf(ada)).toHaveLength(3);
});

it('goes on with the next tick where there were many', async () => {
  const ada = await bench.somebody();
  for (let n = 0; n < 130; n += 1) await ended(ada, { from: 60 });
  await bench.fixture.shiftClock('3 minutes');
  await tick();
  expect(await toldOf(ada)).toHaveLength(100);
  await tick();
  expect(await toldOf(ada)).toHaveLength(130);
});
