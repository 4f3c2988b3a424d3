import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createPictures } from '#shared/pictures';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { posted } from '../../test/posted.ts';
import { createPosts } from './posts.ts';
import { commentOnPost, likePost } from './react.ts';

const bench: CommandBench = await createCommandBench();
const { pool } = bench.fixture;
const posts = createPosts({ pool, pictures: createPictures({ pool }) });
afterAll(() => bench.close());

let author = '';
let one = '';
let other = '';
let post = '';
beforeEach(async () => {
  [author, one] = [await bench.somebody(), await bench.somebody()];
  other = await bench.somebody();
  post = await posted(bench, author);
});

const block = (blocker: string, blocked: string) =>
  bench.fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', [blocker, blocked]);
const says = async (by: string, text: string) => {
  const id = randomUUID();
  const { mentioned } = await bench.within((tx) => commentOnPost(tx, { id, post, by, text }));
  return { id, mentioned };
};
const everybodys = async (viewer: string) =>
  (await posts.list({ viewer, limit: 100 })).map(({ id }) => id).filter((id) => id === post);

describe.each([
  ['blocked the other', () => [one, other] as const],
  ['was blocked by the other', () => [other, one] as const],
])('whoever %s', (_, pair) => {
  beforeEach(() => block(...pair()));

  it('is shown nothing that the other says or likes, also under what a third one posted', async () => {
    const { id } = await says(other, 'Hm');
    await bench.within((tx) => likePost(tx, { post, by: other }));
    const shown = async (viewer: string) => [
      (await posts.comments({ id: post, viewer, limit: 10 }))?.length,
      (await posts.likes({ id: post, viewer, limit: 10 }))?.length,
      (await posts.findComment({ id, viewer })) !== undefined,
    ];
    expect(await shown(author)).toEqual([1, 1, true]);
    expect(await shown(one)).toEqual([0, 0, false]);
  });

  it('is not named by the other', async () => {
    const [row] = await bench.fixture.rows<{ handle: string }>(
      'select handle from people.account where id = $1',
      [one],
    );
    expect((await says(other, `@${row?.handle}`)).mentioned).toEqual([]);
    const third = await bench.somebody();
    expect((await says(third, `@${row?.handle}`)).mentioned).toEqual([one]);
  });

  it('is shown none of the other’s posts', async () => {
    post = await posted(bench, other);
    expect(await everybodys(author)).toEqual([post]);
    expect(await everybodys(one)).toEqual([]);
    expect(await posts.list({ viewer: one, author: other, limit: 10 })).toEqual([]);
    expect(await posts.find({ id: post, viewer: one })).toBeUndefined();
  });
});

it('whoever muted somebody finds what he posts where he looks for it, and not among everybody’s', async () => {
  expect(await everybodys(one)).toEqual([post]);
  await bench.fixture.rows('insert into people.mute (muter, muted) values ($1, $2)', [one, author]);
  expect(await everybodys(one)).toEqual([]);
  expect(await posts.list({ viewer: one, author, limit: 10 })).toMatchObject([{ id: post }]);
});
