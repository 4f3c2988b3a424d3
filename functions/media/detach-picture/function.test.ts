import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { addPicture, insertPicture } from '#shared/pictures';
import { createCommandBench } from '../../../test/command-bench.ts';
import { givenEvent } from '../../../test/given-event.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('takes it away from one event; what another still shows stays', async () => {
  const [account, other] = [await bench.somebody(), await bench.somebody()];
  const events = [await givenEvent(bench, account), await givenEvent(bench, account)];
  const picture = randomUUID();
  await bench.within(async (tx) => {
    await insertPicture(tx, { user: account, picture });
    for (const of of events) await addPicture(tx, { account, id: picture, kind: 'gathering', of });
  });
  const detach = (event: string | undefined, by = account) =>
    bench.give('picture.detach', { event, picture }, { account: by });
  const unused = () => bench.fixture.rows('select from people.picture where unused_since is not null');
  expect(await detach(events[0], other)).toMatchObject({ status: 403 });
  expect(await detach(events[0])).toMatchObject({ status: 204 });
  expect(await detach(events[0])).toMatchObject({ status: 404 });
  expect(await unused()).toEqual([]);
  expect(await detach(events[1])).toMatchObject({ status: 204 });
  expect(await unused()).toHaveLength(1);
});
