import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('likes a post once, and tells its author of others alone', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  const post = await posted(bench, ann);
  const like = (account: string, what = post) => bench.give('post.like', { post: what }, { account });
  for (const who of [bob, bob, ann]) expect(await like(who)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'post.liked', data: { user: ann, by: bob, post } }]);
  expect(await like(bob, randomUUID())).toMatchObject({ status: 404 });
  expect(await like('operator')).toMatchObject({ status: 404 });
  await bench.fixture.rows(`update people.post set visibility = 'followers'`);
  expect(await like(await bench.somebody())).toMatchObject({ status: 404 });
});
