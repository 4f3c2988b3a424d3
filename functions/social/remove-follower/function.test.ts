import { afterAll, expect, it } from 'vitest';
import { follow } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('takes a follower away, and nobody who only asked', async () => {
  const [ann, fan, asker] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  await bench.within((tx) => follow(tx, { by: fan, user: ann }));
  await bench.fixture.rows('update people.account set private = true where id = $1', [ann]);
  await bench.within((tx) => follow(tx, { by: asker, user: ann }));
  const remove = (user: string) => bench.give('user.remove-follower', { user }, { account: ann });
  expect(await remove(fan)).toMatchObject({ status: 204 });
  expect(await remove(fan)).toMatchObject({ status: 404 });
  expect(await remove(asker)).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([
    { type: 'user.unfollowed', data: { user: ann, by: ann, follower: fan } },
  ]);
  const left = await bench.fixture.rows<{ follower: string }>('select follower from people.follow');
  expect(left).toEqual([{ follower: asker }]);
});
