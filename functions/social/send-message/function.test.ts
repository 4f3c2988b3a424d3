import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGroup } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
const conversation = randomUUID();
let alice = '';
let bob = '';
beforeAll(async () => {
  [alice, bob] = [await bench.somebody(), await bench.somebody({ handle: 'bob' })];
  await bench.within((tx) =>
    openGroup(tx, { id: conversation, account: alice, title: 'Group', members: [bob] }),
  );
});
afterAll(() => bench.close());

const send = (data: object, account = alice) =>
  bench.give('message.send', { conversation, text: 'Where is @Bob?', ...data }, { account });

it('sends a message once; the ledger learns that, and whom it names, and nothing else', async () => {
  const id = randomUUID();
  expect(await send({ id: id.toUpperCase() })).toMatchObject({
    body: { message: id, isRepeated: false },
  });
  expect(await send({ id })).toMatchObject({ body: { message: id, isRepeated: true } });
  expect(await bench.facts()).toEqual([
    { type: 'message.sent', data: { message: id, conversation, by: alice, mentions: [bob] } },
  ]);
  const [kept] = await bench.fixture.rows<{ all: string }>(
    `select string_agg(e::text, '') || (select string_agg(d::text, '') from ledger.delivery d) as all from ledger.event e`,
  );
  expect(kept?.all).not.toMatch(/where is/i);
});

it('tells those who take part all of it, in the same transaction', async () => {
  const id = randomUUID();
  await send({ id, text: 'Hello' });
  const heard = await bench.fixture.rows<{ account: string; data: object }>(
    `select h.account, t.data from people.heard h join people.told t on t.id = h.told
     where t.type = 'message.sent' and t.data->>'id' = $1`,
    [id],
  );
  expect(heard.map(({ account }) => account).sort()).toEqual([alice, bob].sort());
  expect(heard[0]?.data).toMatchObject({ id, seq: 2, text: 'Hello', author: { id: alice }, reactions: [] });
  expect(heard[0]?.data).not.toHaveProperty('isHidden');
});

it.each([
  ['nothing', { text: ' ' }, 400, 'message-empty'],
  ['too much', { text: 'x'.repeat(4_001) }, 400, 'command-invalid'],
  ['a control character', { text: 'a\u0007' }, 400, 'command-invalid'],
  ['an answer to nothing', { replyTo: randomUUID() }, 400, 'reply-unknown'],
  [
    'somebody else’s artifact',
    { attachments: [{ kind: 'artifact', pipeline: randomUUID(), name: 'a' }] },
    400,
    'attachment-unknown',
  ],
  ['a conversation that is none', { conversation: randomUUID() }, 404, 'not-found'],
])('refuses %s', async (_, data, status, code) => {
  expect(await send(data)).toMatchObject({ status, body: { code } });
});

it('is of nobody for a stranger, and for a token that the operator made', async () => {
  for (const account of [await bench.somebody(), 'operator'])
    expect(await send({}, account)).toMatchObject({ status: 404 });
});
