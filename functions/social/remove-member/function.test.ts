import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { deleteAccount } from '#shared/accounts';
import { openGroup } from '#shared/conversations';
import { createPeopleErasure } from '#shared/erasure';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const group = randomUUID();
const remove = (account: string, user: string) =>
  bench.give('conversation.remove-member', { conversation: group, user }, { account });
const open = async (account: string, ...members: string[]) => {
  await bench.within((tx) => openGroup(tx, { id: group, account, title: 'Group', members }));
  await bench.facts();
};

it('lets everybody leave and the owner take others out; the next one owns it, the last takes it with him', async () => {
  const [alice, bob, carol] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  await open(alice, bob, carol);
  expect(await remove(bob, carol)).toMatchObject({ status: 403, body: { code: 'not-owner' } });
  expect(await remove(alice, randomUUID())).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([]);
  expect(await remove(alice, alice)).toMatchObject({ status: 204 });
  expect(await remove(alice, bob)).toMatchObject({ status: 404 });
  expect(await remove(bob, carol)).toMatchObject({ status: 204 });
  expect(await remove(bob, bob)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual(
    [
      [alice, alice],
      [carol, bob],
      [bob, bob],
    ].map(([user, by]) => ({ type: 'conversation.left', data: { conversation: group, user, by } })),
  );
  expect(await bench.fixture.rows('select from people.conversation')).toEqual([]);
});

async function endAccount(account: string): Promise<void> {
  await bench.within((tx) => deleteAccount(tx, account));
  const erasure = createPeopleErasure({ pool: bench.fixture.pool });
  while ((await erasure.erase({ account })).more);
}

it('leaves nothing behind where the last two leave at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [alice, bob] = [await bench.somebody(), await bench.somebody()];
    await open(alice, bob);
    await Promise.all([remove(alice, alice), endAccount(bob)]);
    expect(await bench.fixture.rows('select from people.conversation')).toEqual([]);
  }
});
