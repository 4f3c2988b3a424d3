import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('is said once, and refused for oneself, for nobody and for whom one is kept from', async () => {
  const [owner, guest, enemy] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { visibility: 'invited' });
  await bench.fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', [enemy, owner]);
  const invite = (who: string, account = owner) =>
    bench.give('guest.invite', { event, guest: who }, { account });
  expect((await Promise.all([invite(guest), invite(guest)])).map(({ status }) => status)).toEqual([204, 204]);
  expect(await bench.facts()).toEqual([
    { type: 'gathering.invited', data: { gathering: event, user: guest, by: owner } },
  ]);
  expect(await invite(owner)).toMatchObject({ status: 400, body: { code: 'invite-self' } });
  for (const nobody of [enemy, randomUUID(), 'operator'])
    expect(await invite(nobody)).toMatchObject({ status: 404 });
  // A guest sees it and may not ask others; a stranger does not see it.
  expect(await invite(enemy, guest)).toMatchObject({ status: 403 });
  expect(await invite(guest, await bench.somebody())).toMatchObject({ status: 404 });
});

it('is said to 2,000 people, and again to each of them', async () => {
  const [owner, last, late] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner, { visibility: 'invited' });
  await bench.fixture.rows(
    `with crowd as (
       insert into people.account (id, email, handle, name, password)
       select gen_random_uuid(), n || '@crowd.example', 'crowd_' || n, 'Crowd', 'none'
       from generate_series(1, 1999) n returning id)
     insert into people.invitation (gathering, account) select $1, id from crowd`,
    [event],
  );
  const invite = (guest: string) => bench.give('guest.invite', { event, guest }, { account: owner });
  expect(await invite(last)).toMatchObject({ status: 204 });
  expect(await invite(late)).toMatchObject({
    status: 409,
    body: { code: 'guests-too-many' },
  });
  expect(await invite(last)).toMatchObject({ status: 204 });
});
