import { afterAll, expect, it } from 'vitest';
import { notificationKinds } from '#shared/notifications';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const defaults = Object.fromEntries(
  Object.entries(notificationKinds).map(([kind, { defaults: channels }]) => [kind, channels]),
);
const set = (changes: object, account: string, versions?: number[]) =>
  bench.give(
    'notification.set-preferences',
    { preferences: { ...defaults, ...changes }, ...(versions === undefined ? {} : { versions }) },
    { account },
  );

it('keeps only what differs from the defaults, and counts up with each change', async () => {
  const ada = await bench.somebody();
  const liked = { inApp: true, email: 'none', push: false };
  expect(await set({ liked }, ada)).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await set({ liked }, ada, [2])).toMatchObject({ status: 200, body: { version: 3 } });
  expect(await set({}, ada, [1, 2])).toMatchObject({ status: 412, body: { code: 'version-changed' } });
  const rows = await bench.fixture.rows('select preferences, version from people.notification_settings');
  expect(rows).toEqual([{ preferences: { liked }, version: 3 }]);
  expect(await set({}, 'operator')).toMatchObject({ status: 404 });
});

it.each([
  ['a kind that is none', { nothing: { inApp: true, email: 'none', push: false } }],
  ['a missing channel', { liked: { inApp: true } }],
  ['a channel that is none', { liked: { inApp: true, email: 'none', push: false, pager: true } }],
])('refuses %s', async (_, changes) => {
  expect(await set(changes, await bench.somebody())).toMatchObject({ status: 400 });
});

it('is one after the other for twenty at once', async () => {
  const ada = await bench.somebody();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => set({ liked: { inApp: false, email: 'none', push: false } }, ada, [1])),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
});
