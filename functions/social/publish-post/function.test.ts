import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const draft = { text: 'Hello @ann_of_old', visibility: 'public', pictures: [] };
const publish = (account: string, more: object = {}, key?: string) =>
  bench.give('post.publish', { ...draft, ...more }, { account, ...(key === undefined ? {} : { key }) });

it('posts once for a key, tells whom it names, and keeps the words out of the ledger', async () => {
  const [ann, bob] = [await bench.somebody({ handle: 'ann_of_old' }), await bench.somebody()];
  const first = await publish(bob, {}, 'once');
  expect(await publish(bob, {}, 'once')).toMatchObject({ status: 200, body: first.body });
  const { post } = first.body as { post: string };
  expect(await bench.facts()).toEqual([
    { type: 'post.published', data: { user: bob, post } },
    { type: 'user.mentioned', data: { user: ann, by: bob, post } },
  ]);
  const [kept] = await bench.fixture.rows<{ said: string }>(
    `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d)) as said`,
  );
  expect(kept?.said).not.toContain('ann_of_old');
});

it.each([
  ['nothing', { text: '' }, 'post-empty'],
  ['a picture of nobody', { pictures: [randomUUID()] }, 'picture-unknown'],
  ['an event of nobody', { event: randomUUID() }, 'event-unknown'],
  ['an artifact of nobody', { artifact: { pipeline: randomUUID(), name: 'a' } }, 'artifact-unknown'],
  ['controls', { text: 'a\u0000' }, 'command-invalid'],
])('refuses %s, and nothing of it stays', async (_, more, code) => {
  const ann = await bench.somebody();
  expect(await publish(ann, more)).toMatchObject({ status: 400, body: { code } });
  expect(await bench.fixture.rows('select from people.post where author = $1', [ann])).toEqual([]);
});

it('is nothing for nobody', async () => {
  for (const account of ['operator', randomUUID()])
    expect(await publish(account)).toMatchObject({ status: 404 });
});
