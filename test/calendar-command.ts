import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CommandBench } from './command-bench.ts';

/** Where a calendar can be subscribed to; null where nowhere. */
export async function feedToken(bench: CommandBench, id: string): Promise<string | null | undefined> {
  const [row] = await bench.fixture.rows<{ feed_token: string | null }>(
    'select feed_token from people.calendar where id = $1',
    [id],
  );
  return row?.feed_token;
}

/** Gives a command to a shared calendar: to strangers it does not exist, and its owner is obeyed. */
export async function expectOwnersAlone(
  bench: CommandBench,
  type: string,
): Promise<{ owner: string; calendar: string }> {
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
  expect(await feedToken(bench, calendar)).toBe(calendar);
  expect(await bench.give(type, { calendar }, { account: owner })).toMatchObject({ status: 204 });
  return { owner, calendar };
}
