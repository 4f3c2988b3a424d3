import { afterAll, expect, it } from 'vitest';
import { expectOwnersAlone, feedToken } from '../../../test/calendar-command.ts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('removes a calendar once, is for the owner, and says so', async () => {
  const { owner, calendar } = await expectOwnersAlone(bench, 'calendar.delete');
  expect(await feedToken(bench, calendar)).toBeUndefined();
  expect(await bench.give('calendar.delete', { calendar }, { account: owner })).toMatchObject({
    status: 404,
  });
  expect(await bench.facts()).toEqual([{ type: 'calendar.deleted', data: { user: owner, calendar } }]);
});
