import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const who = { email: 'alice@example.org', password: 'a long and quiet evening', handle: 'alice' };
const register = (changes: object = {}, key?: string) =>
  bench.give('user.register', { ...who, ...changes }, key === undefined ? {} : { key });

it('makes an account, once a key, and asks for the mail that confirms its address', async () => {
  const made = await register({ email: ' Alice@Example.org ', handle: 'Alice' }, 'k');
  const { user } = made.body as { user: string };
  expect(made.status).toBe(200);
  expect((await register({ email: ' Alice@Example.org ', handle: 'Alice' }, 'k')).body).toEqual({ user });
  const [account] = await bench.fixture.rows(
    `select a.email, a.handle, a.name, a.password like '$argon2id$%' as hashed, l.email as letter, l.template, l.hashes
     from people.account a join people.letter l on l.account = a.id`,
  );
  expect(account).toEqual({
    ...{ email: who.email, handle: 'alice', name: 'alice', hashed: true },
    ...{ letter: who.email, template: 'verify-email', hashes: [] },
  });
  expect(await bench.facts()).toEqual([
    { type: 'user.registered', data: { user } },
    { type: 'mail.requested', data: { user, template: 'verify-email', reference: expect.any(String) } },
  ]);
});

it.each([
  ['an address that somebody has', { handle: 'other' }, 409, 'email-taken'],
  ['a handle that somebody has', { email: 'other@example.org' }, 409, 'handle-taken'],
  [
    'its own name as password',
    { email: 'b@c.org', handle: 'evening', password: 'evening_12' },
    400,
    'password-guessable',
  ],
  ['two addresses', { email: 'a@b.org, c@d.org' }, 400, 'command-invalid'],
  ['no password', { password: undefined }, 400, 'command-invalid'],
  ['a role', { roles: ['admin'] }, 400, 'command-invalid'],
])('refuses %s, and writes nothing', async (_, changes, status, code) => {
  expect(await register(changes)).toMatchObject({ status, body: { code } });
  expect(await bench.facts()).toEqual([]);
  expect(await bench.fixture.rows('select from people.account')).toHaveLength(1);
});

it('takes a password that holds a short name in another word', async () => {
  const changes = { email: 'nne@example.org', handle: 'nne', password: 'a channel of quiet rivers' };
  expect(await register(changes)).toMatchObject({ status: 200 });
});
