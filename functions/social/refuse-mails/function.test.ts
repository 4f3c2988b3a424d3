import { createHmac } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const KEY = Buffer.alloc(32, 3);
const tokenOf = (account: string, kind: string, key = KEY): string => {
  const hex = account.replaceAll('-', '');
  const message = JSON.stringify(['unsubscribe', hex, kind]);
  return `${hex}.${kind}.${createHmac('sha256', key).update(message).digest('base64url')}`;
};
const refuse = (token: string) => bench.give('notification.refuse-mails', { token }, { account: 'visitor' });
async function listener(): Promise<string> {
  const user = await bench.somebody();
  await bench.fixture.rows(
    'insert into people.notification_settings (account, unsubscribe_key) values ($1, $2)',
    [user, KEY],
  );
  return user;
}
const preferencesOf = async (user: string) =>
  (
    await bench.fixture.rows<{ preferences: Record<string, { email: string }> }>(
      'select preferences from people.notification_settings where account = $1',
      [user],
    )
  )[0]?.preferences ?? {};

it('ends mails of one kind, or of all, and what waits for a digest', async () => {
  const user = await listener();
  for (const kind of ['liked', 'followed'])
    await bench.fixture.rows(
      'insert into people.notification (account, kind, in_app, mail_at) values ($1, $2, true, now())',
      [user, kind],
    );
  const waiting = () =>
    bench.fixture.rows('select kind from people.notification where account = $1 and mail_at is not null', [
      user,
    ]);
  expect(await refuse(tokenOf(user, 'liked'))).toMatchObject({ status: 204 });
  expect(await refuse(tokenOf(user, 'liked'))).toMatchObject({ status: 204 });
  expect(await preferencesOf(user)).toEqual({ liked: { email: 'none' } });
  expect(await waiting()).toEqual([{ kind: 'followed' }]);
  expect(await refuse(tokenOf(user, 'all'))).toMatchObject({ status: 204 });
  expect(Object.values(await preferencesOf(user)).every(({ email }) => email === 'none')).toBe(true);
  expect(await waiting()).toEqual([]);
});

it('refuses a link that was altered, or is of somebody else, or of nobody', async () => {
  const user = await listener();
  const good = tokenOf(user, 'liked');
  for (const token of [
    good.replace('liked', 'all'),
    good.replace('liked', 'nothing'),
    tokenOf(user, 'liked', Buffer.alloc(32, 4)),
    good.replace(/^.{32}/, (await listener()).replaceAll('-', '')),
    tokenOf('0193b3f0-4d5e-4000-a000-000000000001', 'liked'),
    `${good}A`,
    '',
    'x'.repeat(200),
  ])
    expect(await refuse(token)).toMatchObject({ status: 404 });
  expect(await preferencesOf(user)).toEqual({});
});
