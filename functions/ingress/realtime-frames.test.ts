import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { problemIn } from './testing/front-door.ts';
import { openWebSocket } from './testing/hearers.ts';
import { openHearing } from './testing/hearing.ts';
import { bearer } from './testing/people.ts';

const hearing = await openHearing();
afterAll(() => hearing.close());
const { door, somebody } = hearing;

describe('what a client sends', () => {
  it.each<[string, string | Buffer, number]>([
    ['text that is no JSON', '{', 1007],
    ['JSON that is no object', '[1]', 1007],
    ['an object without a type', '{}', 1007],
    ['bytes', Buffer.from('{"type":"ping"}'), 1003],
    ['more than 4 KB', JSON.stringify({ type: 'x'.repeat(5_000) }), 1009],
  ])('%s closes a WebSocket', async (_, frame, code) => {
    const socket = openWebSocket(door.url, { token: (await somebody()).token });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(frame));
    expect(await closed).toBe(code);
  });

  it('a ping is answered, a word that is none is an error, and too many of them are the end', async () => {
    const socket = openWebSocket(door.url, { token: (await somebody()).token });
    const answers: { type: string; data: unknown }[] = [];
    socket.on('message', (data) => answers.push(JSON.parse(String(data))));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"ping"}');
    socket.send('{"type":"subscribe","to":"everything"}');
    await expect
      .poll(() => answers.map(({ type }) => type).sort(), { timeout: 20_000 })
      .toEqual(['error', 'hello', 'pong']);
    expect(answers.find(({ type }) => type === 'error')?.data).toMatchObject({ code: 'frame-unknown' });
    for (let n = 0; n < 60; n += 1) socket.send('{"type":"ping"}');
    expect(await closed).toBe(1008);
  });

  it('a page of another origin is refused', async () => {
    const { token } = await somebody();
    const headers = { ...bearer({ accessToken: token }), origin: 'https://evil.example' };
    expect((await problemIn(await door.ask('/api/v1/stream', { headers }))).code).toBe('origin-forbidden');
    const handshake = { ...headers, upgrade: 'websocket', connection: 'Upgrade' };
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws/notifications`, {
      headers: handshake,
    });
    const refused = new Promise((resolve) =>
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
    );
    expect(await refused).toBe(403);
    expect((await door.ask('/ws/notifications')).status).toBe(426);
  });
});
