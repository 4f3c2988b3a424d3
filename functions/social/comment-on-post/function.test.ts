import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('says something once for a key, and tells the author and whom it names', async () => {
  const [ann, bob] = [
    await bench.somebody({ handle: 'ann_lee' }),
    await bench.somebody({ handle: 'bob_lee' }),
  ];
  const carol = await bench.somebody();
  const post = await posted(bench, ann);
  const say = (text: string, key: string, what = post) =>
    bench.give('post.comment', { post: what, text }, { account: carol, key });
  const first = await say('@ann_lee and @bob_lee, look!', 'one');
  expect((await say('@ann_lee and @bob_lee, look!', 'one')).body).toEqual(first.body);
  const { comment } = first.body as { comment: string };
  expect(await bench.facts()).toEqual([
    { type: 'post.commented', data: { user: ann, by: carol, post, comment } },
    { type: 'user.mentioned', data: { user: bob, by: carol, post, comment } },
  ]);
  expect(await say('', 'two')).toMatchObject({ status: 400 });
  expect(await say('Hm', 'three', randomUUID())).toMatchObject({ status: 404 });
});
