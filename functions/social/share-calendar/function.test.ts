import { afterAll, expect, it } from 'vitest';
import { expectOwnersAlone, feedToken } from '../../../test/calendar-command.ts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('gives one address however often, and tells nobody', async () => {
  const account = await bench.somebody();
  const share = () => bench.give('calendar.share', { calendar: account }, { account });
  const given = await Promise.all([1, 2, 3].map(share));
  expect(given.map(({ status }) => status)).toEqual([204, 204, 204]);
  const first = await feedToken(bench, account);
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(await share()).toMatchObject({ status: 204 });
  expect(await feedToken(bench, account)).toBe(first);
  expect(await bench.facts()).toEqual([]);
});

it('is for the owner, and for what there is', async () => {
  const { calendar } = await expectOwnersAlone(bench, 'calendar.share');
  expect(await feedToken(bench, calendar)).toBe(calendar);
});
