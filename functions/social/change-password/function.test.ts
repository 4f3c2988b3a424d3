import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openSession } from '#shared/accounts';
import { createPasswords } from '#shared/passwords';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const [OLD, NEW] = ['a long and quiet evening', 'another quiet evening'];
const bench = await createCommandBench(definition);
const password = await createPasswords().hash(OLD);
afterAll(() => bench.close());

it('sets it for the old one; this session goes on and the others end', async () => {
  const user = await bench.somebody({ password, handle: 'alice' });
  const [here, there] = [randomUUID(), randomUUID()];
  await bench.within(async (tx) => {
    for (const id of [here, there]) await openSession(tx, { id, account: user, client: 'a phone' });
  });
  const change = (given: object) =>
    bench.give(
      'password.change',
      { password: OLD, newPassword: NEW, session: here, address: '10.0.0.1', ...given },
      { account: user },
    );
  expect(await change({ password: 'wrong' })).toMatchObject({
    status: 403,
    body: { code: 'password-wrong' },
  });
  expect(await change({ newPassword: 'short' })).toMatchObject({ status: 400 });
  expect(await change({ newPassword: 'Alice 2030!!' })).toMatchObject({ status: 400 });
  expect(await bench.facts()).toEqual([]);
  expect(await change({})).toMatchObject({ status: 204 });
  expect(await bench.facts()).toMatchObject([
    { type: 'user.password-changed', data: { user } },
    { type: 'mail.requested', data: { user, template: 'password-changed' } },
  ]);
  expect(await bench.fixture.rows('select id from people.session where revoked_at is null')).toEqual([
    { id: here },
  ]);
  expect(await change({})).toMatchObject({ status: 403 });
});

it('is of nobody for a token that the operator made', async () => {
  const data = { password: OLD, newPassword: NEW, address: '10.0.0.1' };
  expect(await bench.give('password.change', data, { account: 'operator' })).toMatchObject({ status: 404 });
});
