import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const open = (account: string, data: object, key?: string) =>
  bench.give('conversation.open', data, { account, ...(key === undefined ? {} : { key }) });

it('opens the one conversation that two have, and says so once', async () => {
  const [alice, bob] = [await bench.somebody(), await bench.somebody()];
  const first = await open(alice, { kind: 'direct', with: bob });
  expect(first).toMatchObject({ status: 200, body: { isNew: true } });
  const { conversation } = first.body as { conversation: string };
  expect(await open(bob, { kind: 'direct', with: alice.toUpperCase() })).toMatchObject({
    body: { conversation, isNew: false },
  });
  expect(await bench.facts()).toEqual([
    { type: 'conversation.opened', data: { conversation, by: alice, members: [] } },
  ]);
});

it('opens a group once for an Idempotency-Key, and tells the ledger nothing of its title', async () => {
  const [alice, bob] = [await bench.somebody(), await bench.somebody()];
  const group = { kind: 'group', title: 'The vorpal sword', members: [bob, alice, bob] };
  const first = await open(alice, group, 'key');
  expect(first).toMatchObject({ status: 200, body: { isNew: true } });
  expect((await open(alice, group, 'key')).body).toEqual(first.body);
  expect(await bench.facts()).toMatchObject([{ data: { by: alice, members: [bob] } }]);
  const [kept] = await bench.fixture.rows<{ all: string }>(
    `select string_agg(e::text, '') || (select string_agg(d::text, '') from ledger.delivery d) as all from ledger.event e`,
  );
  expect(kept?.all).not.toContain('vorpal');
});

it.each<[string, (alice: string) => object, number, string]>([
  ['oneself', (alice) => ({ kind: 'direct', with: alice }), 409, 'person-oneself'],
  ['nobody', () => ({ kind: 'direct', with: randomUUID() }), 404, 'not-found'],
  [
    'a member who is nobody',
    () => ({ kind: 'group', title: 'A', members: [randomUUID()] }),
    404,
    'member-unknown',
  ],
  ['no kind', () => ({ with: randomUUID() }), 400, 'command-invalid'],
  [
    'a title of two lines',
    () => ({ kind: 'group', title: 'A\nB', members: [randomUUID()] }),
    400,
    'command-invalid',
  ],
])('refuses %s', async (_, data, status, code) => {
  const alice = await bench.somebody();
  expect(await open(alice, data(alice))).toMatchObject({ status, body: { code } });
  expect(await bench.facts()).toEqual([]);
});

it('is of nobody for a token that the operator made', async () => {
  const data = { kind: 'direct', with: await bench.somebody() };
  expect(await open('operator', data)).toMatchObject({ status: 404 });
});
