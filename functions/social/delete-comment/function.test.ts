import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { commentOnPost } from '#shared/posts';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('takes a comment back for who wrote it and for whose post it is', async () => {
  const [ann, bob, carol] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const post = await posted(bench, ann);
  const [first, second] = [randomUUID(), randomUUID()];
  for (const id of [first, second])
    await bench.within((tx) => commentOnPost(tx, { id, post, by: bob, text: 'Hm' }));
  const remove = (account: string, comment: string, of = post) =>
    bench.give('post.delete-comment', { post: of, comment }, { account });
  expect(await remove(carol, first)).toMatchObject({ status: 404 });
  expect(await remove(ann, first, await posted(bench, ann))).toMatchObject({ status: 404 });
  expect(await remove(bob, first)).toMatchObject({ status: 204 });
  expect(await remove(ann, second)).toMatchObject({ status: 204 });
  expect(await remove(ann, second)).toMatchObject({ status: 404 });
});
