import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settled } from '../end-to-end/pipelines.ts';
import { isFfmpeg } from '../end-to-end/processes.ts';
import { filesUnder, type Product, startProduct } from '../end-to-end/product.ts';
import { bytes, converse, dribble } from './raw-client.ts';

/** What a hostile client can do with a socket to the product as it is started, with the limits it has. */
let product: Product;
let port: number;
let token: string;
let platform: number;
beforeAll(async () => {
  product = await startProduct();
  port = Number(new URL(product.url).port);
  token = await product.token('alice');
  platform = (await product.processes()).find(({ command }) => / start\b/.test(command))?.pid ?? -1;
}, 120_000);
afterAll(() => product?.remove());

const GIGABYTE = 1_000_000_000;
const MEGABYTE = 1_000_000;
const withToken = () => `Authorization: Bearer ${token}`;
const head = (line: string, ...headers: string[]) =>
  `${line} HTTP/1.1\r\nHost: millrace\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;
const codeOf = (text: string): string | undefined => /"code":"([\w-]+)"/.exec(text)?.[1];

/** Resident memory of the platform's process, in bytes. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${platform}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}

async function isWell(): Promise<void> {
  expect((await product.ask('/api/pipelines')).status).toBe(200);
}

describe('a gigabyte is answered before it is sent, and its connection closed', () => {
  const json = 'Content-Type: application/json';
  const length = `Content-Length: ${GIGABYTE}`;
  const chunks = 'Transfer-Encoding: chunked';
  const nobodys = '0193b3f0-4d5e-8000-a000-000000000000';
  const bodies: [line: string, framing: string, status: number, code: string | undefined][] = [
    ['POST /api/pipelines', length, 413, 'body-too-large'],
    ['POST /api/pipelines', chunks, 413, 'body-too-large'],
    ['POST /sign-in', length, 413, 'body-too-large'],
    ['POST /sign-in', chunks, 413, 'body-too-large'],
    ['POST /api/videos/upload?name=script.md', length, 413, 'file-too-large'],
    ['POST /api/videos/upload?name=cover.png', chunks, 413, 'file-too-large'],
    [`POST /api/pipelines/${nobodys}/cancel`, length, 404, 'not-found'],
    [`DELETE /api/pipelines/${nobodys}`, chunks, 404, 'not-found'],
    ['POST /nowhere', length, 404, 'route-not-found'],
    ['PUT /api/pipelines', chunks, 405, 'method-not-allowed'],
    ['GET /health', length, 200, undefined],
    ['GET /health', chunks, 200, undefined],
  ];

  test('whichever way it comes, all at once, in memory that stays flat', async () => {
    const before = await memory();
    let most = before;
    const watching = setInterval(async () => {
      most = Math.max(most, await memory());
    }, 50);
    const answers = await Promise.all(
      bodies.map(([line, framing]) =>
        converse({
          port,
          head: head(line, withToken(), json, framing),
          body: bytes(GIGABYTE, { chunked: framing === chunks }),
          limitMs: 25_000,
        }),
      ),
    );
    clearInterval(watching);
    for (const [at, [line, framing, status, code]] of bodies.entries()) {
      const said = `${line}, ${framing}: ${answers[at]?.text.slice(0, 100)}`;
      expect(answers[at]?.status, said).toBe(status);
      expect(codeOf(answers[at]?.text ?? ''), said).toBe(code);
      expect(answers[at]?.closed, said).toBe(true);
      expect(answers[at]?.sentBytes, said).toBeLessThan(GIGABYTE);
    }
    expect((most - before) / MEGABYTE).toBeLessThan(250);
    await isWell();
  });

  test('a stranger’s is refused by who he is', async () => {
    const answer = await converse({
      port,
      head: head('POST /api/pipelines', json, length),
      body: bytes(GIGABYTE),
      limitMs: 10_000,
    });
    expect([answer.status, answer.closed]).toEqual([401, true]);
  });
});

describe.concurrent('what is slow', () => {
  test.concurrent('headers, a letter a second: 408 and closed', { timeout: 60_000 }, async () => {
    const slow = await converse({
      port,
      head: 'GET /health HTTP/1.1\r\nHost: millrace\r\n',
      body: dribble('X-Slow: '.padEnd(100, 'x'), 1_000),
      limitMs: 40_000,
    });
    expect(slow).toMatchObject({ status: 408, closed: true });
    expect(codeOf(slow.text)).toBe('request-too-slow');
  });

  test.concurrent('a JSON body, a letter a second: 408 and closed', { timeout: 80_000 }, async () => {
    const slow = await converse({
      port,
      head: head('POST /api/pipelines', withToken(), 'Content-Type: application/json', 'Content-Length: 999'),
      body: dribble('{"topic":"'.padEnd(100, 'x'), 1_000),
      limitMs: 60_000,
    });
    expect(slow).toMatchObject({ status: 408, closed: true });
    expect(codeOf(slow.text)).toBe('body-too-slow');
  });

  test.concurrent('a body that never comes: the same', { timeout: 80_000 }, async () => {
    const silent = await converse({
      port,
      head: head('POST /api/pipelines', withToken(), 'Content-Type: application/json', 'Content-Length: 999'),
      limitMs: 60_000,
    });
    expect(silent).toMatchObject({ status: 408, closed: true });
  });

  test.concurrent('an upload over a thin line, longer than any JSON may take: it arrives', {
    timeout: 80_000,
  }, async () => {
    const text = 'An octopus has three hearts, and blue blood.';
    const thin = await converse({
      port,
      head: head('POST /api/videos/upload?name=thin.md', withToken(), `Content-Length: ${text.length}`),
      body: dribble(text, 800),
      limitMs: 70_000,
      waitForClose: false,
    });
    expect(thin.status).toBe(201);
  });
});

test('of 1,500 connections that say nothing the oldest go, and who asks is answered', async () => {
  const sockets: Socket[] = [];
  for (let n = 0; n < 1_500; n += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    sockets.push(socket.resume());
  }
  const closed = () => sockets.filter(({ destroyed }) => destroyed).length;
  await expect.poll(closed).toBeGreaterThanOrEqual(1_500 - 1_024);
  expect(sockets.slice(0, 400).every(({ destroyed }) => destroyed)).toBe(true);
  await isWell();
  for (const socket of sockets) socket.destroy();
});

describe('headers', () => {
  const ask = (text: string) => converse({ port, head: text, limitMs: 10_000, waitForClose: false });
  const many = (count: number) => Array.from({ length: count }, (_, n) => `h${n}: v`);

  test.each([
    ['10,000 of them', () => head('GET /health', ...many(10_000)), 431],
    ['3,500 of the shortest', () => head('GET /health', ...Array.from({ length: 3_500 }, () => 'a:')), 431],
    ['one of 20 KB', () => head('GET /health', `X: ${'x'.repeat(20_000)}`), 431],
    ['an address of 20 KB', () => head(`GET /${'x'.repeat(20_000)}`), 431],
    ['a line folded as of old', () => head('GET /health', 'X: a\r\n b'), 400],
    ['a name with a blank', () => head('GET /health', 'X y: a'), 400],
    ['a NUL', () => head('GET /health', 'X: a\u0000b'), 400],
    ['chunks within chunks', () => head('POST /api/pipelines', 'Transfer-Encoding: chunked, chunked'), 400],
    ['a length that is no number', () => head('POST /api/pipelines', 'Content-Length: 1e9'), 400],
    [
      'a length beyond all numbers',
      () => head('POST /api/pipelines', `Content-Length: ${'9'.repeat(30)}`),
      400,
    ],
    ['500 that fit', () => head('GET /health', ...many(500)), 200],
  ])('%s', async (_what, text, status) => {
    expect((await ask(text())).status).toBe(status);
  });

  test('of two tokens none is chosen', async () => {
    const forged = 'Authorization: Bearer forged';
    expect((await ask(head('GET /api/pipelines', forged, withToken()))).status).toBe(401);
    expect((await ask(head('GET /api/pipelines', withToken(), forged))).status).toBe(401);
  });

  test('no second request is smuggled in the body of the first', async () => {
    const second = head('GET /api/pipelines', withToken());
    const answer = await ask(
      head('POST /sign-out', 'Content-Length: 4', 'Transfer-Encoding: chunked').concat('0\r\n\r\n', second),
    );
    expect(answer.status).toBe(400);
    expect(answer.text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });
});

describe('JSON', () => {
  const post = async (body: string) => {
    const answer = await fetch(new URL('/api/pipelines', product.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
  const keys = (count: number, value: string) =>
    Array.from({ length: count }, (_, n) => `"k${n}":${value}`).join(',');

  test.each([
    ['100,000 lists in each other', () => `{"topic":${nested('[', ']', 100_000)}}`, 'json-too-deep'],
    [
      '40,000 objects in each other',
      () => `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
      'json-too-deep',
    ],
    ['20,000 unknown fields', () => `{"topic":"Octopuses",${keys(20_000, '1')}}`, 'request-invalid'],
    ['20,000 labels', () => `{"topic":"Octopuses","labels":{${keys(20_000, '"x"')}}}`, 'request-invalid'],
    ['100,000 entries', () => `{"topic":[${'1,'.repeat(100_000)}1]}`, 'request-invalid'],
    [
      'a number of 200,000 digits',
      () => `{"topic":"Octopuses","seconds":${'9'.repeat(200_000)}}`,
      'request-invalid',
    ],
    ['40,000 escapes', () => `{"topic":"${'\\u0041'.repeat(40_000)}"}`, 'request-invalid'],
    [
      'a prototype, escaped',
      () => '{"topic":"Octopuses","__pr\\u006fto__":{"format":"short"}}',
      'json-invalid',
    ],
    ['a constructor', () => '{"topic":"Octopuses","constructor":{"prototype":{"x":1}}}', 'request-invalid'],
    [
      'a method of all objects',
      () => '{"topic":"Octopuses","toString":1,"hasOwnProperty":1}',
      'request-invalid',
    ],
  ])('%s', async (_what, body, code) => {
    const answer = await post(body());
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
  });

  test('of a field that is given twice the last counts, for all that reads it', async () => {
    const { status, body } = await post('{"topic":"The first one","topic":"The second one","seconds":5}');
    expect(status).toBe(202);
    expect(body).toMatchObject({ request: { topic: 'The second one' } });
    expect((await post('{"topic":"Octopuses","topic":7}')).status).toBe(400);
    expect(({} as Record<string, unknown>).format).toBeUndefined();
  });
});

describe('hostile files, uploaded and made a video of', () => {
  const upload = async (name: string, bytes: Uint8Array): Promise<string> => {
    const answer = await fetch(new URL(`/api/videos/upload?name=${name}`, product.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new Uint8Array(bytes),
    });
    expect(answer.status, name).toBe(201);
    return ((await answer.json()) as { links: { self: string } }).links.self;
  };
  const playlist = Buffer.from(
    'ID3\x03\0\0\0\0\0\x0aXXXXXXXXXX#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n',
    'latin1',
  );
  // It begins as a JPEG does, and is one that no decoder and no check agree on.
  const picture = Buffer.concat([Buffer.from('ffd8ffdbff01ffc0', 'hex'), Buffer.alloc(500, 0xc2)]);
  const sound = Buffer.alloc(44 + 96_000);
  sound.write('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data', 'latin1');
  sound.writeUInt32LE(96_000, 40);

  test.each([
    ['a playlist as the sound', 'a.mp3', playlist, 'media-unreadable'],
    ['a picture that is none', 'a.wav', sound, 'picture-unreadable'],
  ])(
    '%s: it fails with the reason, and leaves no process and no file',
    { timeout: 120_000 },
    async (_what, name, bytes, code) => {
      const body = { audio: await upload(name, bytes), pictures: [await upload('a.jpg', picture)] };
      const asked = await product.ask('/videos/assemble', { method: 'POST', body });
      expect(asked.status).toBe(202);
      const { failure } = await settled(product, ((await asked.json()) as { id: string }).id, 50_000);
      expect(JSON.stringify(failure)).toContain(code);
      expect(JSON.stringify(failure)).not.toMatch(/passwd|millrace end to end/);
      // What was asked for before may still be on its way.
      const left = async () => [
        ...(await product.processes()).filter(isFfmpeg),
        ...(await filesUnder(join(product.dataDir, 'work'))),
      ];
      await expect.poll(left, { timeout: 60_000, interval: 250 }).toEqual([]);
    },
  );
});

test('none of all this was an error of the platform, and it is as well as before', async () => {
  await isWell();
  const lines = product.log().split('\n');
  expect(lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
});
