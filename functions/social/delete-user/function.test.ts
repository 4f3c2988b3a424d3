import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openLetter, openSession } from '#shared/accounts';
import { createPasswords } from '#shared/passwords';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const PASSWORD = 'a long and quiet evening';
const bench = await createCommandBench(definition);
const password = await createPasswords().hash(PASSWORD);
afterAll(() => bench.close());

it('removes somebody with all that is kept of him for his password, and asks for his runs to be erased', async () => {
  const [user, other] = [await bench.somebody({ password }), await bench.somebody()];
  await bench.within(async (tx) => {
    for (const account of [user, other]) {
      await openSession(tx, { id: randomUUID(), account, client: 'a phone' });
      await openLetter(tx, { account, kind: 'verify-email', email: 'a@example.org' });
    }
  });
  const end = (given: string) =>
    bench.give('user.delete', { password: given, address: '10.0.0.1' }, { account: user });
  expect(await end('something else')).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
  expect(await bench.facts()).toEqual([]);
  expect(await end(PASSWORD)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'user.deleted', data: { user } }]);
  for (const table of ['session', 'letter'])
    expect(await bench.fixture.rows(`select account from people.${table}`)).toEqual([{ account: other }]);
  expect(await bench.fixture.rows('select account from ledger.erasure')).toEqual([{ account: user }]);
  expect(await end(PASSWORD)).toMatchObject({ status: 404 });
});

it.each([
  ['a token that the operator made', 'operator', 404],
  ['nobody', randomUUID(), 404],
])('refuses %s', async (_, account, status) => {
  const data = { password: PASSWORD, address: '10.0.0.1' };
  expect(await bench.give('user.delete', data, { account })).toMatchObject({ status });
});
