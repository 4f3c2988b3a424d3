import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openLetter, openSession } from '#shared/accounts';
import { createPasswords } from '#shared/passwords';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tokenOf } from '../../../test/mailed-token.ts';
import definition from './function.ts';

const NEW = 'another quiet evening';
const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const reset = (token: string, password = NEW) => bench.give('password.reset', { token, password });

it('sets the password for one of many at once, ends every session, and tells the owner', async () => {
  const user = await bench.somebody({ email: 'alice@example.org', handle: 'alice' });
  const letter = await bench.within(async (tx) => {
    await openSession(tx, { id: randomUUID(), account: user, client: 'a phone' });
    return openLetter(tx, { account: user, kind: 'reset-password', email: 'alice@example.org' });
  });
  const token = await tokenOf(bench.fixture, letter);
  expect(await reset(token, 'short')).toMatchObject({ status: 400, body: { code: 'command-invalid' } });
  expect(await reset(token, 'Alice alice 1')).toMatchObject({ body: { code: 'password-guessable' } });
  const answers = await Promise.all(Array.from({ length: 6 }, () => reset(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400, 400, 400]);
  expect(await bench.facts()).toMatchObject([
    { type: 'user.password-changed', data: { user } },
    { type: 'mail.requested', data: { user, template: 'password-changed' } },
  ]);
  const [kept] = await bench.fixture.rows<{ password: string }>('select password from people.account');
  expect(await createPasswords().verify(NEW, kept?.password)).toBe(true);
  expect(await bench.fixture.rows('select revoked_for from people.session')).toEqual([
    { revoked_for: 'password' },
  ]);
});

it('ends what whoever had the password before asked for: the account moves to no address of his', async () => {
  const own = 'carol@example.org';
  const user = await bench.somebody({ email: own });
  const [first, move, letter] = await bench.within(async (tx) => [
    await openLetter(tx, { account: user, kind: 'verify-email', email: own }),
    await openLetter(tx, { account: user, kind: 'verify-email', email: 'thief@example.org' }),
    await openLetter(tx, { account: user, kind: 'reset-password', email: own }),
  ]);
  expect(await reset(await tokenOf(bench.fixture, letter))).toMatchObject({ status: 204 });
  const left = await bench.fixture.rows('select id from people.letter where account = $1', [user]);
  expect(left).toEqual([{ id: first }]);
  expect(left).not.toContainEqual({ id: move });
});

it('refuses the token of another mail, and one past its hour', async () => {
  const user = await bench.somebody({ email: 'bob@example.org' });
  const open = (kind: 'reset-password' | 'verify-email') =>
    bench.within((tx) => openLetter(tx, { account: user, kind, email: 'bob@example.org' }));
  const other = await tokenOf(bench.fixture, await open('verify-email'));
  const late = await tokenOf(bench.fixture, await open('reset-password'));
  await bench.fixture.shiftClock('61 minutes');
  for (const token of ['', 'x', other, late])
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'mailed-token-invalid' } });
});
