import { afterAll, expect, it } from 'vitest';
import { follow } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('lets one who asked and refuses another, each once', async () => {
  const [owner, friend, stranger] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  await bench.fixture.rows('update people.account set private = true where id = $1', [owner]);
  for (const by of [friend, stranger]) await bench.within((tx) => follow(tx, { by, user: owner }));
  const answer = (user: string, word: string, account = owner) =>
    bench.give('user.answer-follower', { user, answer: word }, { account });
  // Nobody answers for another.
  expect(await answer(friend, 'accept', stranger)).toMatchObject({ status: 404 });
  expect(await answer(friend, 'perhaps')).toMatchObject({ status: 400 });
  expect(await answer(friend, 'accept')).toMatchObject({ status: 204 });
  // Said again, it is so; and nobody hears of it twice.
  expect(await answer(friend, 'accept')).toMatchObject({ status: 204 });
  expect(await answer(friend, 'refuse')).toMatchObject({ status: 404 });
  expect(await answer(stranger, 'refuse')).toMatchObject({ status: 204 });
  expect(await answer(stranger, 'accept')).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([{ type: 'user.follow-accepted', data: { user: friend, by: owner } }]);
});
