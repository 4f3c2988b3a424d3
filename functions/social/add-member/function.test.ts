import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openDirect, openGroup } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('brings somebody into a group of one’s own, once, and nobody into a conversation of two', async () => {
  const [alice, bob, carol] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  const [group, two] = [randomUUID(), randomUUID()];
  await bench.within((tx) => openGroup(tx, { id: group, account: alice, title: 'Group', members: [bob] }));
  await bench.within((tx) => openDirect(tx, { id: two, account: alice, other: bob }));
  const add = (account: string, user = carol, conversation = group) =>
    bench.give('conversation.add-member', { conversation, user }, { account });
  expect(await add(bob)).toMatchObject({ status: 403, body: { code: 'not-owner' } });
  expect(await add(carol)).toMatchObject({ status: 404 });
  expect(await add(alice, randomUUID())).toMatchObject({ status: 404 });
  expect(await add(alice, carol, two)).toMatchObject({ status: 409, body: { code: 'conversation-direct' } });
  expect(await bench.facts()).toEqual([]);
  for (let n = 0; n < 2; n += 1) expect(await add(alice)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([
    { type: 'conversation.joined', data: { conversation: group, user: carol, by: alice } },
  ]);
});

it('stops at 256, however many are brought at once', async () => {
  const alice = await bench.somebody();
  const group = randomUUID();
  const members = await bench.fixture.rows<{ id: string }>(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@m.org', 'm' || n, 'm', 'none' from generate_series(1, 258) n returning id`,
  );
  const ids = members.map(({ id }) => id);
  const [last = '', before = '', third = '', ...most] = ids;
  await bench.within((tx) =>
    openGroup(tx, { id: group, account: alice, title: 'Many', members: most.slice(0, 254) }),
  );
  const answers = await Promise.all(
    [last, before, third].map((user) =>
      bench.give('conversation.add-member', { conversation: group, user }, { account: alice }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
});
