import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const add = (account: string, event?: string) =>
  bench.give(
    'picture.add',
    { picture: randomUUID(), bytes: 10, sha256: 'a', ...(event === undefined ? {} : { event }) },
    { account },
  );

it('takes so many at a time, and shows so many with an event', async () => {
  const owner = await bench.somebody();
  const event = await givenEvent(bench, owner);
  for (let turn = 0; turn < 20; turn += 1) expect(await add(owner, event)).toMatchObject({ status: 200 });
  expect(await add(owner)).toMatchObject({ status: 409, body: { code: 'pictures-pending' } });
  await bench.fixture.rows(`update people.picture set state = 'ready'`);
  expect(await add(owner, event)).toMatchObject({ status: 409, body: { code: 'pictures-too-many' } });
  expect(await add(owner)).toMatchObject({ status: 200 });
  expect(await bench.fixture.rows('select from people.picture where unused_since is not null')).toHaveLength(
    1,
  );
});

it('is for those who registered, with an event for its owner, and leaves nothing where it is refused', async () => {
  const [owner, other] = [await bench.somebody(), await bench.somebody()];
  const event = await givenEvent(bench, owner);
  expect(await add('operator')).toMatchObject({ status: 404 });
  expect(await add(other, event)).toMatchObject({ status: 403 });
  expect(await add(other, randomUUID())).toMatchObject({ status: 404 });
  expect(await bench.fixture.rows('select from people.picture where owner = $1', [other])).toEqual([]);
});
