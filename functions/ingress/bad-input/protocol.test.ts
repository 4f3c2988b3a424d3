import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoErrors } from '../testing/expect-no-errors.ts';
import { type FrontDoor, openFrontDoor } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('what is not HTTP', () => {
  const send = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(door.port, '127.0.0.1', () => socket.end(bytes));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  test.each([
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['a Host with a path', 'GET /health HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
    ['a backslash', 'GET /api\\pipelines HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['endless headers', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /api/pipelines HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'a length and chunks',
      'POST /api/pipelines HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('%s is refused', async (_name, bytes, status) => {
    expect((await send(bytes)).split('\r\n')[0]).toContain(` ${status} `);
  });
});
