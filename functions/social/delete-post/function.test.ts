import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { posted } from '../../../test/posted.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('takes a post of one’s own back, with what was said to it', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  const post = await posted(bench, ann);
  await bench.fixture.rows(`insert into people.post_comment values (gen_random_uuid(), $1, $2, 'Hm')`, [
    ...[post, bob],
  ]);
  const remove = (account: string) => bench.give('post.delete', { post }, { account });
  expect(await remove(bob)).toMatchObject({ status: 404 });
  expect(await remove(ann)).toMatchObject({ status: 204 });
  expect(await remove(ann)).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([{ type: 'post.deleted', data: { user: ann, post } }]);
  for (const table of ['post', 'post_comment', 'post_count'])
    expect(await bench.fixture.rows(`select from people.${table}`)).toEqual([]);
});
