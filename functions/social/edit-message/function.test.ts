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
  [alice, bob] = [await bench.somebody(), await bench.somebody({ handle: 'bob' })];
  await bench.within((tx) =>
    openGroup(tx, { id: conversation, account: alice, title: 'Group', members: [bob] }),
  );
  const said = { author: bob, text: 'A hare', replyTo: undefined, attachments: [] };
  await bench.within((tx) => sendMessage(tx, { id: message, conversation, ...said }));
});
afterAll(() => bench.close());

const edit = (account: string, more: object = {}) =>
  bench.give('message.edit', { message, text: 'A rabbit', ...more }, { account });

it.each([
  ['others', () => alice, {}, 403, 'not-author'],
  ['nothing', () => bob, { text: '\n' }, 400, 'message-empty'],
  ['another version', () => bob, { versions: [7] }, 412, 'version-changed'],
  ['no such message', () => bob, { message: randomUUID() }, 404, 'not-found'],
  ['a token that the operator made', () => 'operator', {}, 404, 'not-found'],
])('refuses %s', async (_, who, more, status, code) => {
  expect(await edit(who(), more)).toMatchObject({ status, body: { code } });
});

it('changes one’s own message for all, one of two who read the same version', async () => {
  const answers = await Promise.all([1, 2].map((n) => edit(bob, { text: `Rabbit ${n}`, versions: [1] })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  const told = await bench.fixture.rows("select data from people.told where type = 'message.edited'");
  expect(told).toMatchObject([{ data: { id: message, version: 2, text: expect.stringMatching(/^Rabbit/) } }]);
});
