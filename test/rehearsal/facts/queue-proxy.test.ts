import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../data-plane/clock.ts';
import { type HttpServer, listen } from '../data-plane/http-server.ts';
import { type QueueProxy, startQueueProxy } from '../data-plane/queue-proxy.ts';

let clock: ManualClock;
let backend: HttpServer;
let proxy: QueueProxy;
let url: string;
beforeEach(() => {
  clock = createManualClock();
});
afterEach(async () => {
  await proxy.kill();
  await backend.kill();
});

async function start(
  listener: RequestListener,
  options: { containerConcurrency?: number } = {},
): Promise<void> {
  backend = await listen(listener);
  proxy = await startQueueProxy({
    ...{ backend: backend.port, clock, containerConcurrency: 1, ...options },
    ...{ timeoutMs: 120_000, responseStartTimeoutMs: 60_000 },
  });
  url = `http://127.0.0.1:${proxy.port}/`;
}
const ask = () => fetch(url).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
const until = async (look: () => boolean): Promise<void> => {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('queue-proxy', () => {
  it('hands on method, path, headers and body, and the answer', async () => {
    await start((request, response) => {
      response.writeHead(418, { 'x-path': request.url });
      request.pipe(response);
    });
    const answer = await fetch(`${url}a?b=c`, { method: 'POST', body: 'words' });
    expect([answer.status, answer.headers.get('x-path'), await answer.text()]).toEqual([
      418,
      '/a?b=c',
      'words',
    ]);
  });

  it('lets as many in as the process takes, ten times as many wait, and answers 503 to the next', async () => {
    let inside = 0;
    let most = 0;
    const held: (() => void)[] = [];
    await start(
      (_request, response) => {
        inside += 1;
        most = Math.max(most, inside);
        held.push(() => {
          inside -= 1;
          response.end('done');
        });
      },
      { containerConcurrency: 2 },
    );
    const asked = Array.from({ length: 22 }, ask);
    await until(() => proxy.load === 22);
    expect(await ask()).toEqual({ status: 503, text: 'pending request queue full' });
    for (let done = 0; done < 22; done += 1) {
      await until(() => held.length > 0);
      held.shift()?.();
    }
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(2);
  });

  it('has no limit where containerConcurrency is 0', async () => {
    const held: (() => void)[] = [];
    await start((_request, response) => void held.push(() => response.end()), { containerConcurrency: 0 });
    const asked = Array.from({ length: 50 }, ask);
    await until(() => held.length === 50);
    for (const done of held) done();
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true);
  });

  it('answers 504 where the answer does not begin in responseStartTimeoutSeconds', async () => {
    await start(() => undefined);
    const asked = ask();
    await clock.sleeping(60_000);
    await clock.advance(60_000);
    expect(await asked).toEqual({ status: 504, text: 'request timeout' });
  });

  it('ends a stream at timeoutSeconds with 200 and two words, as if it were whole', async () => {
    await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const answer = await fetch(url);
    await clock.advance(119_999);
    const text = answer.text();
    await clock.advance(1);
    expect([answer.status, await text]).toEqual([200, 'data: 1\n\nrequest timeout']);
  });

  it('answers 502 where the process is gone', async () => {
    await start((request) => request.socket.destroy());
    expect(await ask()).toEqual({ status: 502, text: 'bad gateway' });
  });

  it('serves on after SIGTERM until 30 s have passed since the last request', async () => {
    await start((_request, response) => response.end('here'));
    let isDrained = false;
    const drained = proxy.drain().then(() => {
      isDrained = true;
    });
    await clock.advance(29_000);
    expect(await ask()).toEqual({ status: 200, text: 'here' });
    await clock.advance(29_999);
    expect(isDrained).toBe(false);
    await clock.advance(1);
    await drained;
  });

  it('is not drained while a request is in flight', async () => {
    let finish: (() => void) | undefined;
    await start((_request, response) => {
      finish = () => void response.writeHead(200).end('whole');
    });
    const asked = ask();
    await until(() => finish !== undefined);
    let isDrained = false;
    const drained = proxy.drain().then(() => {
      isDrained = true;
    });
    await clock.advance(59_000);
    expect(isDrained).toBe(false);
    finish?.();
    expect(await asked).toEqual({ status: 200, text: 'whole' });
    await clock.advance(60_000);
    await drained;
  });
});

it('a server of the tests that is killed lets go of its port', async () => {
  await start((_request, response) => response.end());
  const { port } = backend;
  await backend.kill();
  const another = createServer().listen(port, '127.0.0.1');
  await once(another, 'listening');
  another.close();
});
