import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import deleteCalendar from '../delete-calendar/function.ts';
import unshareCalendar from '../unshare-calendar/function.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition, unshareCalendar, deleteCalendar);
afterAll(() => bench.close());

const tokenOf = async (id: string): Promise<string | null | undefined> =>
  (
    await bench.fixture.rows<{ feed_token: string | null }>(
      'select feed_token from people.calendar where id = $1',
      [id],
    )
  )[0]?.feed_token;

it('gives one address however often, another once it was ended, and tells nobody', async () => {
  const account = await bench.somebody();
  const by = { account };
  const data = { calendar: account };
  const given = await Promise.all([1, 2, 3].map(() => bench.give('calendar.share', data, by)));
  expect(given.map(({ status }) => status)).toEqual([204, 204, 204]);
  const first = await tokenOf(account);
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(await bench.give('calendar.share', data, by)).toMatchObject({ status: 204 });
  expect(await tokenOf(account)).toBe(first);
  expect(await bench.give('calendar.unshare', data, by)).toMatchObject({ status: 204 });
  expect(await bench.give('calendar.unshare', data, by)).toMatchObject({ status: 404 });
  await bench.give('calendar.share', data, by);
  expect(await tokenOf(account)).not.toBe(first);
  expect(await bench.facts()).toEqual([]);
});

it.each(['calendar.share', 'calendar.unshare', 'calendar.delete'])(
  '%s is for its owner, and for what there is',
  async (type) => {
    const [owner, other] = [await bench.somebody(), await bench.somebody()];
    const calendar = randomUUID();
    await bench.fixture.rows(
      "insert into people.calendar (id, owner, kind, name, feed_token) values ($1, $2, 'file', 'Mine', $1::uuid::text)",
      [calendar, owner],
    );
    const strange = await bench.give(type, { calendar }, { account: other });
    const none = await bench.give(type, { calendar: randomUUID() }, { account: other });
    expect(strange).toMatchObject({ status: 404, body: none.body as object });
    expect(await bench.give(type, { calendar }, { account: 'operator' })).toMatchObject({ status: 404 });
    expect(await tokenOf(calendar)).toBe(calendar);
    expect(await bench.give(type, { calendar }, { account: owner })).toMatchObject({ status: 204 });
    const facts = await bench.facts();
    expect(facts).toEqual(
      type === 'calendar.delete' ? [{ type: 'calendar.deleted', data: { user: owner, calendar } }] : [],
    );
  },
);
