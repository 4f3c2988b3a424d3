import { afterAll, expect, it } from 'vitest';
import { doors, openHearing } from './testing/hearing.ts';

const hearing = await openHearing();
afterAll(() => hearing.close());
const { door, replica, somebody } = hearing;

it('a connection ends with the token that opened it', async () => {
  const token = await door.token((await somebody()).id, { ttlSeconds: 8 });
  const open = doors.map(([, hear]) => hear(replica.url, { token }));
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
    4002,
    'token-expired',
    'io server disconnect',
    'io server disconnect',
  ]);
});

it('a server that shuts down tells them to come again, and is gone', async () => {
  const third = await hearing.another();
  const { token } = await somebody();
  const open = doors.map(([, hear]) => hear(third.url, { token }));
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  const began = performance.now();
  await third.server.close({ graceMs: 30_000 });
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(await Promise.all(open.map(({ ended }) => ended))).toEqual([
    1012,
    'shutting-down',
    'transport close',
    'transport close',
  ]);
  await third.close();
});
