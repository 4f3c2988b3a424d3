import { afterAll, expect, it } from 'vitest';
import { likePost } from '#shared/posts';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('likes a post no more, also one that one no longer sees', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  const post = await posted(bench, ann);
  await bench.within((tx) => likePost(tx, { post, by: bob }));
  await bench.fixture.rows(`update people.post set visibility = 'followers'`);
  for (let n = 0; n < 2; n += 1)
    expect(await bench.give('post.unlike', { post }, { account: bob })).toMatchObject({ status: 204 });
  expect(await bench.fixture.rows('select sum(likes)::int as likes from people.post_count')).toEqual([
    { likes: 0 },
  ]);
  expect(await bench.facts()).toEqual([]);
});
