import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openGroup, sendMessage } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('goes forward and no further than there are messages; what one says oneself does not wait', async () => {
  const [alice, bob] = [await bench.somebody(), await bench.somebody()];
  const conversation = randomUUID();
  await bench.within((tx) =>
    openGroup(tx, { id: conversation, account: alice, title: 'Group', members: [bob] }),
  );
  for (const author of [alice, alice, bob, alice])
    await bench.within((tx) =>
      sendMessage(tx, {
        id: randomUUID(),
        conversation,
        author,
        text: 'Hello',
        replyTo: undefined,
        attachments: [],
      }),
    );
  const mark = (account: string, seq: unknown) =>
    bench.give('conversation.mark-read', { conversation, seq }, { account });
  expect(await mark(bob, 1)).toMatchObject({ status: 200, body: { read: 1, unread: 2 } });
  expect(await mark(bob, 0)).toMatchObject({ body: { read: 1, unread: 2 } });
  expect(await mark(bob, 2)).toMatchObject({ body: { read: 2, unread: 1 } });
  expect(await mark(bob, 2_147_483_647)).toMatchObject({ body: { read: 4, unread: 0 } });
  for (const seq of [-1, 1.5, '1', 2 ** 31, null])
    expect(await mark(bob, seq)).toMatchObject({ status: 400 });
  for (const account of [await bench.somebody(), 'operator'])
    expect(await mark(account, 1)).toMatchObject({ status: 404 });
  const told = await bench.fixture.rows(
    "select data from people.told where type = 'read.marked' order by id",
  );
  expect(told).toEqual([1, 2, 4].map((read) => ({ data: { conversation, user: bob, read } })));
});
