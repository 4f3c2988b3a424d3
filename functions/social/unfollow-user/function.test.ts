import { afterAll, expect, it } from 'vitest';
import { follow } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('ends following, or takes a request back, which nobody hears of', async () => {
  const [ann, bob, secret] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  await bench.fixture.rows('update people.account set private = true where id = $1', [secret]);
  for (const user of [bob, secret]) {
    await bench.within((tx) => follow(tx, { by: ann, user }));
    for (let n = 0; n < 2; n += 1)
      expect(await bench.give('user.unfollow', { user }, { account: ann })).toMatchObject({ status: 204 });
  }
  expect(await bench.facts()).toEqual([
    { type: 'user.unfollowed', data: { user: bob, by: ann, follower: ann } },
  ]);
  expect(await bench.fixture.rows('select from people.follow')).toEqual([]);
});
