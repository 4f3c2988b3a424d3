import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { changePassword } from '#shared/accounts';
import { createPasswords } from '#shared/passwords';
import changeEmail from '../../functions/social/change-email/function.ts';
import changeIt from '../../functions/social/change-password/function.ts';
import deleteUser from '../../functions/social/delete-user/function.ts';
import login from '../../functions/social/login-user/function.ts';
import { createCommandBench } from '../command-bench.ts';

const OLD = 'a long and quiet evening';
const bench = await createCommandBench(login, changeIt, deleteUser, changeEmail);
const passwords = createPasswords();
const [old, reset] = [await passwords.hash(OLD), await passwords.hash('what the owner chose')];
afterAll(() => bench.close());

const { rows } = bench.fixture;
const waiting = async () =>
  (await rows("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))
    .length;

/** What a command is answered whose password is verified before somebody else resets it, and that writes afterwards. */
async function answeredAcross(user: string, give: () => Promise<{ status: number }>): Promise<number> {
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const resetting = bench.within(async (tx) => {
    await changePassword(tx, { account: user, password: reset, except: undefined });
    held.resolve();
    await release.promise;
  });
  await held.promise;
  let isAnswered = false;
  const answer = give().finally(() => {
    isAnswered = true;
  });
  await expect.poll(async () => isAnswered || (await waiting()) > 0, { timeout: 30_000 }).toBe(true);
  release.resolve();
  await resetting;
  return (await answer).status;
}

it.each([
  ['a sign-in', 'session.open', {}, 401],
  ['a further change of it', 'password.change', { newPassword: 'what a thief would choose' }, 403],
  ['the end of the account', 'user.delete', {}, 403],
  ['another address', 'email.change', { email: 'thief@example.org' }, 403],
])('a password that was reset meanwhile is good for nothing: %s', async (_, type, more, status) => {
  const email = `${randomUUID()}@example.org`;
  const user = await bench.somebody({ email, password: old });
  const given = type === 'session.open' ? { email, client: 'a phone' } : more;
  const data = { password: OLD, address: '10.0.0.1', ...given };
  expect(await answeredAcross(user, () => bench.give(type, data, { account: user }))).toBe(status);
  expect(await rows('select password from people.account where id = $1', [user])).toEqual([
    { password: reset },
  ]);
  for (const table of ['session', 'letter'])
    expect(await rows(`select from people.${table} where account = $1`, [user])).toEqual([]);
});
