import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { type PostDraft, updatePost } from '#shared/posts';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('replaces a post of one’s own, of the version that was asked for', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  const post = await posted(bench, ann);
  const update = (account: string, more: object = {}) =>
    bench.give(
      'post.update',
      { visibility: 'public', pictures: [], post, text: 'Better', ...more },
      { account },
    );
  expect(await update(bob)).toMatchObject({ status: 404 });
  expect(await update(ann, { versions: [2] })).toMatchObject({ status: 412 });
  expect(await update(ann, { text: '' })).toMatchObject({ status: 400, body: { code: 'post-empty' } });
  expect(await update(ann, { versions: [1] })).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await update(ann, { post: randomUUID() })).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([{ type: 'post.updated', data: { user: ann, post } }]);
});

it('changes it for one of many who read the same version', async () => {
  const ann = await bench.somebody();
  const post = await posted(bench, ann);
  const draft: PostDraft = { text: 'Better', visibility: 'public', pictures: [] };
  const all = Promise.withResolvers<void>();
  let begun = 0;
  const change = () =>
    bench.within(async (tx) => {
      begun += 1;
      if (begun === 3) all.resolve();
      await all.promise;
      return (await updatePost(tx, { id: post, author: ann, draft, versions: [1] })).state;
    });
  expect((await Promise.all([change(), change(), change()])).sort()).toEqual([
    'changed',
    'changed',
    'updated',
  ]);
});
