import { afterAll, expect, it } from 'vitest';
import { expectOwnersAlone, feedToken } from '../../../test/calendar-command.ts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('ends the address once, is for the owner, and tells nobody', async () => {
  const { owner, calendar } = await expectOwnersAlone(bench, 'calendar.unshare');
  expect(await feedToken(bench, calendar)).toBeNull();
  expect(await bench.give('calendar.unshare', { calendar }, { account: owner })).toMatchObject({
    status: 404,
  });
  expect(await bench.facts()).toEqual([]);
});
