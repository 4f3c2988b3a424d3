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
const { door, replica, somebody, say, sayAll } = hearing;
const { realtime } = replica;

describe('who takes nothing', () => {
  it('is dropped, and hears the rest when he comes back', async () => {
    const alice = await somebody();
    const slow = openWebSocket(replica.url, { token: alice.token });
    const received: { type: string; cursor?: string; data: { n?: number } }[] = [];
    slow.on('message', (data) => received.push(JSON.parse(String(data))));
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    slow.pause();
    // More than the buffers of the system take.
    const sent = 400;
    await sayAll([alice.id], 1, sent, 'x'.repeat(60_000));
    await expect.poll(() => realtime.accounts(), { timeout: 90_000 }).not.toContain(alice.id);
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
  }, 180_000);
});

describe.each(doors)('who comes by %s to more than may wait for anybody', (_, hear) => {
  it.each([
    ['Latin', 'x'],
    ['Chinese', '水'],
  ])('hears all of it, as long as messages are: %s', async (_script, letter) => {
    const alice = await somebody();
    const text = letter.repeat(4_000);
    await sayAll([alice.id], 1, 300, text);
    const late = hear(replica.url, { token: alice.token, cursor: '0' });
    await Promise.race([late.until(({ data }) => data.n === 300), late.ended]);
    expect(numbers(late.told)).toEqual(Array.from({ length: 300 }, (_nothing, at) => at + 1));
    // And while he listens.
    await sayAll([alice.id], 301, 600, text);
    await Promise.race([late.until(({ data }) => data.n === 600), late.ended]);
    expect(numbers(late.told)).toHaveLength(600);
    late.leave();
  });
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
