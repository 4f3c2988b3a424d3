import { afterAll, describe, expect, it } from 'vitest';
import {
  byEventSource,
  bySocketIo,
  byWebSocket,
  type HearingOptions,
  openWebSocket,
} from './testing/hearers.ts';
import { doors, numbers, openHearing } from './testing/hearing.ts';

const hearing = await openHearing();
afterAll(() => hearing.close());
const { door, replica, somebody, say } = hearing;
const { realtime } = replica;

describe('who takes nothing', () => {
  it('is dropped, and hears the rest when he comes back', async () => {
    const alice = await somebody();
    const slow = openWebSocket(replica.url, { token: alice.token });
    const received: { type: string; cursor?: string; data: { n?: number } }[] = [];
    slow.on('message', (data) => received.push(JSON.parse(String(data))));
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    slow.pause();
    const text = 'x'.repeat(60_000);
    let sent = 0;
    while (realtime.accounts().includes(alice.id) && sent < 2_000) {
      sent += 1;
      await say([alice.id], sent, text);
    }
    expect(sent).toBeLessThan(2_000);
    const closed = new Promise<number>((resolve) => slow.once('close', resolve));
    slow.resume();
    // The code, where it still comes through what is before it; else the connection is cut.
    expect([4001, 1006]).toContain(await closed);
    const heard = received.flatMap(({ data }) => data.n ?? []);
    const back = byWebSocket(door.url, { token: alice.token, cursor: received.at(-1)?.cursor });
    await say([alice.id], sent + 1);
    await back.until(({ data }) => data.n === sent + 1);
    expect([...heard, ...numbers(back.told)]).toEqual(Array.from({ length: sent + 1 }, (_, at) => at + 1));
    back.leave();
  }, 120_000);
});

it('one person has twenty connections at most, through all doors', async () => {
  const { token, id } = await somebody();
  const options: HearingOptions = { token };
  const open = Array.from({ length: 20 }, (_, at) =>
    (doors[at % 4]?.[1] ?? byWebSocket)(replica.url, options),
  );
  for (const hearer of open) await hearer.until(({ type }) => type === 'hello');
  for (const [, hear] of doors)
    expect([429, 'streams-too-many']).toContain(await hear(replica.url, options).ended);
  open[0]?.leave();
  await expect
    .poll(
      async () => {
        const again = byWebSocket(replica.url, options);
        const opened = await Promise.race([again.ended, again.until(({ type }) => type === 'hello')]);
        again.leave();
        return typeof opened;
      },
      { timeout: 20_000 },
    )
    .toBe('object');
  await say([id], 1);
  for (const hearer of open.slice(1)) await hearer.until(({ data }) => data.n === 1);
  for (const hearer of open) hearer.leave();
});

it('an address opens so many in a minute', async () => {
  const limited = await hearing.another({
    limits: { ratePerMinute: 1, trustProxy: false },
  });
  const { token } = await somebody();
  for (let n = 0; n < 5; n += 1) {
    const hearer = byWebSocket(limited.url, { token });
    await hearer.until(({ type }) => type === 'hello');
    hearer.leave();
  }
  expect(await byWebSocket(limited.url, { token }).ended).toBe(429);
  expect(await byEventSource(limited.url, { token }).ended).toBe(429);
  expect(await bySocketIo(limited.url, { token }).ended).toBe('websocket error');
  await limited.close();
});
