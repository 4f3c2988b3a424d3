import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestBucket, type TestBucket } from '../../../test/aws/bucket.ts';
import { testServer } from '../../../test/aws/server.ts';
import type { DirectUploads } from '../object-store.ts';
import { createS3Store, type S3Store } from './s3-store.ts';

const server = testServer();
const MiB = 2 ** 20;
const soon = () => new Date(Date.now() + 600_000);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a client that sends straight to the bucket', () => {
  let bucket: TestBucket;
  let store: S3Store;
  let direct: DirectUploads;
  beforeAll(async () => {
    bucket = await createTestBucket(server);
    store = await createS3Store({ ...server, bucket: bucket.name });
    if (store.direct === undefined) throw new Error('S3 takes direct uploads');
    direct = store.direct;
  });
  afterAll(async () => {
    store.close();
    await bucket.drop();
  });
  const send = (url: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'PUT', body, headers });

  it('puts the bytes that were announced, under keys that need escaping', async () => {
    const bytes = randomBytes(1_000);
    const key = 'sent/a b + c/100%/ž🦑.png';
    const { url, headers } = await direct.signPut({
      key,
      type: 'image/png',
      bytes: bytes.length,
      sha256: sha256(bytes),
      expiresAt: soon(),
    });
    const answer = await send(url, bytes, { ...headers });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await store.head(key)).toMatchObject({ bytes: 1_000, type: 'image/png' });
  });

  it('puts nothing else: the signature binds key, media type, size and checksum', async () => {
    const bytes = randomBytes(1_000);
    const announced = { type: 'image/png', bytes: 1_000, sha256: sha256(bytes), expiresAt: soon() };
    const sign = (key: string) => direct.signPut({ key, ...announced });
    const attempts: [string, (url: string, headers: Record<string, string>) => Promise<Response>][] = [
      ['another type', (url, headers) => send(url, bytes, { ...headers, 'Content-Type': 'text/html' })],
      ['more bytes', (url, headers) => send(url, randomBytes(1_001), headers)],
      ['other bytes', (url, headers) => send(url, randomBytes(1_000), headers)],
      [
        'another checksum',
        (url, headers) => {
          const other = randomBytes(1_000);
          const digest = createHash('sha256').update(other).digest('base64');
          return send(url, other, { ...headers, 'x-amz-checksum-sha256': digest });
        },
      ],
      ['another key', (url, headers) => send(url.replace('sent/', 'elsewhere/'), bytes, headers)],
    ];
    for (const [what, attempt] of attempts) {
      const { url, headers } = await sign(`sent/refused ${what}`);
      const answer = await attempt(url, headers);
      expect([what, answer.ok]).toEqual([what, false]);
      expect(await store.head(`sent/refused ${what}`)).toBeUndefined();
    }
  });

  it('puts nothing after its time', async () => {
    const { url, headers } = await direct.signPut({
      key: 'sent/late',
      type: 'image/png',
      bytes: 3,
      expiresAt: new Date(),
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await send(url, Buffer.from('abc'), { ...headers })).status).toBe(403);
    expect(await store.head('sent/late')).toBeUndefined();
  });

  it('sends in parts, goes on where it was, and completes once', async () => {
    const key = 'sent/film.mp4';
    const pieces = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(1_000)];
    const upload = await direct.begin({ key, type: 'video/mp4' });
    const sendPart = async (number: number, bytes: Uint8Array<ArrayBuffer>) => {
      const url = await direct.signPart({ key, upload, number, bytes: bytes.length, expiresAt: soon() });
      return await send(url, bytes);
    };
    expect(await direct.parts({ key, upload })).toEqual([]);
    for (const number of [3, 1])
      expect((await sendPart(number, pieces[number - 1] ?? Buffer.of())).ok).toBe(true);
    expect(await direct.parts({ key, upload })).toMatchObject([
      { number: 1, bytes: 5 * MiB },
      { number: 3, bytes: 1_000 },
    ]);
    expect((await sendPart(2, pieces[1] ?? Buffer.of())).ok).toBe(true);
    expect(await store.head(key)).toBeUndefined();
    const parts = (await direct.parts({ key, upload })) ?? [];
    await direct.complete({ key, upload, parts });
    await direct.complete({ key, upload, parts });
    expect(await direct.parts({ key, upload })).toBeUndefined();
    expect((await buffer(await store.get(key))).equals(Buffer.concat(pieces))).toBe(true);
    expect((await store.head(key))?.type).toBe('video/mp4');
  });

  it('gives up: the parts are gone, and more are refused', async () => {
    const key = 'sent/given-up.mp4';
    const upload = await direct.begin({ key, type: 'video/mp4' });
    const url = await direct.signPart({ key, upload, number: 1, bytes: 100, expiresAt: soon() });
    await send(url, randomBytes(100));
    await direct.abort({ key, upload });
    await direct.abort({ key, upload });
    expect(await bucket.openUploads()).toEqual([]);
    expect((await send(url, randomBytes(100))).ok).toBe(false);
    await expect(direct.complete({ key, upload, parts: [] })).rejects.toMatchObject({ kind: 'transient' });
  });
});
