import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '#shared/http';
import { createIngress } from './index.ts';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

let door: FrontDoor;
let base: string;
const film = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const etag = `"${createHash('sha256').update(film).digest('hex')}"`;

beforeAll(async () => {
  door = await openFrontDoor();
  const id = await door.start('alice');
  base = `/api/pipelines/${id}/artifacts`;
  await door.work('keyword-fetch', {
    files: {
      'video.mp4': { bytes: film, type: 'video/mp4' },
      'page.html': { bytes: '<script>alert(document.cookie)</script>', type: 'text/html' },
      'empty.txt': { bytes: '', type: 'text/plain' },
    },
    events: [{ type: 'pipeline.keywords.fetched', data: {} }],
  });
  await door.work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001', 'scene-002'] },
    events: ['scene-001', 'scene-002'].map((key) => ({ type: 'scene.scripted' as const, key, data: {} })),
  });
  for (const bytes of ['one', 'two']) {
    await door.work('generate-image', { files: { 'illustration.png': { bytes, type: 'image/png' } } });
  }
});
afterAll(() => door.close());

const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
  door.ask(`${base}/${name}`, { as: 'alice', headers, method });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('artifact bytes', () => {
  test('whole, with type, length, tag, name and nothing to execute', async () => {
    const answer = await get('video.mp4');
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(film.length),
      'accept-ranges': 'bytes',
      etag,
      'content-disposition': `inline; filename="video.mp4"; filename*=UTF-8''video.mp4`,
      'x-content-type-options': 'nosniff',
    });
    expect((await bytesOf(answer)).equals(film)).toBe(true);
    expect((await get('page.html')).headers.get('content-security-policy')).toMatch(
      /^sandbox; default-src 'none'/,
    );
  });

  test('HEAD tells all but the bytes', async () => {
    const answer = await get('video.mp4', {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(film.length));
    expect(await answer.text()).toBe('');
  });

  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=299990-', 299_990, 300_000],
    ['bytes=-10', 299_990, 300_000],
    ['bytes=-999999999', 0, 300_000],
    ['bytes=100-999999999', 100, 300_000],
    ['bytes=5-5', 5, 6],
  ])('%s', async (range, start, end) => {
    const answer = await get('video.mp4', { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/300000`);
    expect(answer.headers.get('content-length')).toBe(String(end - start));
    expect((await bytesOf(answer)).equals(film.subarray(start, end))).toBe(true);
  });

  test.each(['bytes=300000-', 'bytes=-0', 'bytes=999999999-'])('%s is behind the end', async (range) => {
    const answer = await get('video.mp4', { range });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe('bytes */300000');
    expect(await problemIn(answer)).toMatchObject({ code: 'range-unsatisfiable' });
  });

  test.each([
    'bytes=9-0',
    'bytes=a-b',
    'pages=1-2',
    'bytes=0-1,3-4',
    'bytes=',
    'bytes=-',
    `bytes=${'9'.repeat(400)}-`,
  ])('%s means the whole', async (range) => {
    const answer = await get('video.mp4', { range });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  test('a reader who has it gets 304, another tag gets it whole, a range of another version too', async () => {
    for (const header of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await get('video.mp4', { 'if-none-match': header });
      expect(answer.status, header).toBe(304);
      expect(await answer.text()).toBe('');
    }
    expect((await get('video.mp4', { 'if-none-match': '"other"' }, 'HEAD')).status).toBe(200);
    expect((await get('video.mp4', { range: 'bytes=0-1', 'if-range': '"other"' }, 'HEAD')).status).toBe(200);
    expect((await get('video.mp4', { range: 'bytes=0-1', 'if-range': etag }, 'HEAD')).status).toBe(206);
  });

  test('an empty file is an empty answer', async () => {
    const answer = await get('empty.txt');
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '0',
      '',
    ]);
    expect((await get('empty.txt', { range: 'bytes=0-' })).status).toBe(416);
  });

  test('the same name in two parts is two files', async () => {
    const bodies = await Promise.all(
      ['scene-001', 'scene-002'].map(async (part) => await (await get(`${part}/illustration.png`)).text()),
    );
    expect(bodies.sort()).toEqual(['one', 'two']);
    expect((await get('illustration.png')).status).toBe(404);
    expect((await get('scene-003/illustration.png')).status).toBe(404);
  });

  test('hundred readers who leave in the middle hold nothing open', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const answer = await get('video.mp4');
        await answer.body?.cancel();
      }),
    );
    expect((await bytesOf(await get('video.mp4'))).equals(film)).toBe(true);
  });
});

test('a store that fails in the middle cuts the answer, and its words are told to nobody', async () => {
  const words = 'EIO: /srv/secret/objects';
  const failing: typeof door.artifacts = {
    ...door.artifacts,
    async get() {
      return Readable.from(
        (async function* () {
          yield Buffer.from('the beginning');
          throw new Error(words);
        })(),
      );
    },
  };
  const broken = createIngress({ ...door.options, artifacts: failing });
  const server = await serve(broken, { port: 0, hostname: '127.0.0.1' });
  const answer = await fetch(new URL(`${base}/video.mp4`, server.url), {
    headers: { authorization: `Bearer ${await door.token('alice')}` },
  });
  let told = '';
  await expect(
    (async () => {
      for await (const chunk of answer.body ?? []) told += Buffer.from(chunk).toString();
    })(),
  ).rejects.toThrow();
  await server.close({ graceMs: 0 });
  expect(told).not.toContain('secret');
  expect(door.lines.join('')).toContain(words);
});
