import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { createFollowing } from './following.ts';

const bench: CommandBench = await createCommandBench();
const following = createFollowing({ pool: bench.fixture.pool });
afterAll(() => bench.close());

let star = '';
let viewer = '';
let other = '';
beforeEach(async () => {
  [star, viewer] = [await bench.somebody(), await bench.somebody()];
  other = await bench.somebody();
});

const follows = (follower: string, followed: string, state = 'accepted') =>
  bench.fixture.rows('insert into people.follow (follower, followed, state) values ($1, $2, $3)', [
    ...[follower, followed, state],
  ]);
const listed = async (list: 'followers' | 'following', by: string) =>
  (await following.people(list, { of: star, viewer: by, limit: 10 }))?.map(({ id }) => id);

describe.each([
  ['followers', () => [other, star] as const],
  ['following', () => [star, other] as const],
] as const)('the list of %s', (list, pair) => {
  it('has nobody whose request is not granted', async () => {
    await follows(...pair(), 'requested');
    for (const who of [star, viewer]) expect(await listed(list, who)).toEqual([]);
    await bench.fixture.rows(`update people.follow set state = 'accepted'`);
    for (const who of [star, viewer]) expect(await listed(list, who)).toEqual([other]);
  });

  it.each([
    ['whom he blocked', () => [viewer, other]],
    ['who blocked him', () => [other, viewer]],
  ])('shows one nobody %s', async (_, blocks) => {
    await follows(...pair());
    await bench.fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', blocks());
    expect(await listed(list, viewer)).toEqual([]);
    expect(await listed(list, star)).toEqual([other]);
  });
});
