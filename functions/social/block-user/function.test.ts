import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { follow } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('keeps somebody away, and ends following both ways', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  await bench.within((tx) => follow(tx, { by: ann, user: bob }));
  await bench.within((tx) => follow(tx, { by: bob, user: ann }));
  const block = (account: string, user: string) => bench.give('user.block', { user }, { account });
  for (let n = 0; n < 2; n += 1) expect(await block(ann, bob)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'user.blocked', data: { user: bob, by: ann } }]);
  expect(await bench.fixture.rows('select from people.follow')).toEqual([]);
  // Who is kept away finds nobody.
  expect(await block(bob, ann)).toMatchObject({ status: 404 });
  expect(await block(ann, ann)).toMatchObject({ status: 400, body: { code: 'block-self' } });
  expect(await block(ann, randomUUID())).toMatchObject({ status: 404 });
});
