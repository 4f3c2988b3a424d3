import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { insertPicture } from '#shared/pictures';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('is its owner’s to do, once', async () => {
  const [user, other] = [await bench.somebody(), await bench.somebody()];
  const picture = randomUUID();
  await bench.within((tx) => insertPicture(tx, { user, picture }));
  const remove = (account: string) => bench.give('picture.remove', { picture }, { account });
  for (const stranger of [other, 'operator']) expect(await remove(stranger)).toMatchObject({ status: 404 });
  expect(await remove(user)).toMatchObject({ status: 204 });
  expect(await remove(user)).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([{ type: 'picture.removed', data: { picture, user } }]);
});
