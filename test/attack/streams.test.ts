import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EventStream, openEventStream, type RunningServer, type StreamEnd, serve } from '#shared/http';

/** Readers of server-sent events who never read, on the server and the streams that the product has. */
const streams: EventStream[] = [];
const ends: StreamEnd[] = [];
let server: RunningServer;
beforeAll(async () => {
  server = await serve(
    {
      fetch(_request, env) {
        const { outgoing } = env as HttpBindings;
        const stream = openEventStream({ cut: () => outgoing.destroy() });
        streams.push(stream);
        void stream.ended.then((why) => ends.push(why));
        return new Response(stream.body, { headers: { 'content-type': 'text/event-stream' } });
      },
    },
    { port: 0, hostname: '127.0.0.1' },
  );
});
afterAll(() => server.close({ graceMs: 0 }));

async function neverRead(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: millrace\r\n\r\n');
  return socket;
}

test('forty who never read are dropped and cost little; one who reads misses nothing', {
  timeout: 60_000,
}, async () => {
  const silent = await Promise.all(Array.from({ length: 40 }, neverRead));
  const reader = await fetch(server.url);
  await expect.poll(() => streams.length).toBe(41);
  const reading = reader.text();
  const before = process.memoryUsage.rss();
  const data = 'x'.repeat(64 * 1024);
  const sent = 300;
  let most = before;
  for (let n = 0; n < sent; n += 1) {
    for (const stream of streams) stream.send({ event: 'step', data, id: String(n) });
    // Changes come one after another, not all in one breath.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 2));
    most = Math.max(most, process.memoryUsage.rss());
  }
  // The sockets of the system hold some megabytes each; then the buffer of the stream, then it is over.
  expect(ends.filter((why) => why === 'reader-too-slow')).toHaveLength(40);
  expect((most - before) / 1e6).toBeLessThan(400);
  for (const stream of streams) stream.end('done');
  const ids = [...(await reading).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual(Array.from({ length: sent }, (_, n) => n));
  expect(ends.filter((why) => why === 'done')).toHaveLength(1);
  for (const socket of silent) socket.destroy();
});

test('one who leaves is noticed', async () => {
  const leaver = await neverRead();
  await expect.poll(() => streams.length).toBe(42);
  leaver.destroy();
  await expect.poll(() => ends.at(-1)).toBe('reader-left');
});
