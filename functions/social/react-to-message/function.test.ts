import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGroup, sendMessage } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
const [conversation, message] = [randomUUID(), randomUUID()];
let alice = '';
let bob = '';
beforeAll(async () => {
  [alice, bob] = [await bench.somebody(), await bench.somebody()];
  await bench.within((tx) =>
    openGroup(tx, { id: conversation, account: alice, title: 'Group', members: [bob] }),
  );
  const said = { author: alice, text: 'Vote', replyTo: undefined, attachments: [] };
  await bench.within((tx) => sendMessage(tx, { id: message, conversation, ...said }));
});
afterAll(() => bench.close());

const reaction = (how: string, account = bob, emoji = '👍') =>
  bench.give('message.react', { message, emoji, how }, { account });
const told = () =>
  bench.fixture.rows(
    "select data->>'state' as state, (data->>'count')::int as count from people.told where type = 'reaction.changed' order by id",
  );

it('gives an emoji and takes it back; said again it is the same, and told once', async () => {
  for (const how of ['give', 'give', 'withdraw', 'withdraw'])
    expect(await reaction(how)).toMatchObject({ status: 204 });
  expect(await told()).toEqual([
    { state: 'given', count: 1 },
    { state: 'withdrawn', count: 0 },
  ]);
});

it.each([
  ['a word', 'give', ':+1:', 400],
  ['two emoji', 'give', '👍👍', 400],
  ['another spelling of one', 'give', '\u2764', 400],
  ['something else', 'take', '👍', 400],
])('refuses %s', async (_, how, emoji, status) => {
  expect(await reaction(how, bob, emoji)).toMatchObject({ status });
});

it('is not for a stranger', async () => {
  expect(await reaction('give', await bench.somebody())).toMatchObject({ status: 404 });
  expect(await reaction('give', 'operator')).toMatchObject({ status: 404 });
});
