import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openGroup, react, sendMessage } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('deletes a message for all, once: its author may, and the owner of the group', async () => {
  const [alice, bob, carol] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const conversation = randomUUID();
  await bench.within((tx) =>
    openGroup(tx, { id: conversation, account: alice, title: 'Group', members: [bob, carol] }),
  );
  const said = async (author: string) => {
    const id = randomUUID();
    await bench.within((tx) =>
      sendMessage(tx, { id, conversation, author, text: 'A secret', replyTo: undefined, attachments: [] }),
    );
    await bench.within((tx) => react(tx, { account: carol, message: id, emoji: '👍' }));
    return id;
  };
  const remove = (account: string, message: string) => bench.give('message.delete', { message }, { account });
  const [first, second, owners] = [await said(bob), await said(bob), await said(alice)];
  expect(await remove(carol, first)).toMatchObject({ status: 403, body: { code: 'not-author' } });
  expect(await remove(bob, owners)).toMatchObject({ status: 403 });
  expect(await remove(await bench.somebody(), first)).toMatchObject({ status: 404 });
  for (const account of [bob, alice]) expect(await remove(account, first)).toMatchObject({ status: 204 });
  expect(await remove(alice, second)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual(
    [
      [first, bob],
      [second, alice],
    ].map(([message, by]) => ({ type: 'message.deleted', data: { message, conversation, by } })),
  );
  const told = await bench.fixture.rows<{ data: object }>(
    "select data from people.told where type = 'message.sent' and data->'author'->>'id' = $1",
    [bob],
  );
  // Whoever comes back later does not hear it either.
  expect(told).toMatchObject([{ data: { text: '' } }, { data: { text: '' } }]);
  expect(
    await bench.fixture.rows(
      `select m.seq, m.text, m.words::text, m.sent_hash, count(r) ::int as reactions
       from people.message m left join people.reaction r on r.message = m.id where m.author = $1 group by m.id order by seq`,
      [bob],
    ),
  ).toEqual([1, 2].map((seq) => ({ seq, text: '', words: '', sent_hash: null, reactions: 0 })));
});
