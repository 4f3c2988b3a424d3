import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestBucket, type TestBucket } from '../../../test/aws/bucket.ts';
import { testServer } from '../../../test/aws/server.ts';
import { createS3Store, type S3Store } from './s3-store.ts';

const server = testServer();
const MiB = 2 ** 20;

describe('a bucket of S3', () => {
  let bucket: TestBucket;
  let store: S3Store;
  beforeAll(async () => {
    bucket = await createTestBucket(server);
    store = await createS3Store({ ...server, bucket: bucket.name, limits: { partBytes: 5 * MiB } });
  });
  afterAll(async () => {
    store.close();
    await bucket.drop();
  });

  it('keeps media type and metadata, with a stream in parts too, and a copy has them', async () => {
    for (const [key, body] of [
      ['small.bin', Buffer.from('x')],
      ['parts.bin', Readable.from([randomBytes(6 * MiB), randomBytes(6 * MiB)])],
    ] as const) {
      await store.put(key, body, { type: 'video/mp4', metadata: { scene: '3' } });
      await store.copy(key, `copy of ${key}`);
      for (const at of [key, `copy of ${key}`]) {
        expect(await store.head(at)).toMatchObject({ type: 'video/mp4', metadata: { scene: '3' } });
      }
    }
    await store.put('page.html', Buffer.from('<p>'));
    const bare = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: 'page.html' }));
    expect(bare.ContentType).toBe('text/html');
  });

  it('reads exactly the bytes that an ETag stands for, or says that they are gone', async () => {
    const { etag = '' } = await store.put('pinned', Buffer.from('old'));
    expect((await store.head('pinned'))?.etag).toBe(etag);
    expect(String(await buffer(await store.get('pinned', { etag })))).toBe('old');
    await store.put('pinned', Buffer.from('new'));
    await expect(store.get('pinned', { etag })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'object-changed',
    });
  });

  it('copies in parts what is too large for one request', async () => {
    const parted = await createS3Store({
      ...server,
      bucket: bucket.name,
      limits: { copyPartBytes: 5 * MiB },
    });
    const bytes = randomBytes(12 * MiB);
    await store.put('whole', bytes, { type: 'audio/wav', metadata: { part: '1' } });
    await parted.copy('whole', 'copied/in parts + more');
    expect(await store.head('copied/in parts + more')).toMatchObject({
      type: 'audio/wav',
      bytes: bytes.length,
    });
    expect((await buffer(await store.get('copied/in parts + more'))).equals(bytes)).toBe(true);
    expect(await bucket.openUploads()).toEqual([]);
    parted.close();
  });

  it('shows no object for keys that others put there and no driver could hold', async () => {
    for (const Key of [
      'odd//empty',
      'odd/../up',
      'odd/back\\slash',
      'odd/end/',
      'odd/con\x01trol',
      'odd/good',
    ]) {
      await bucket.client
        .send(new PutObjectCommand({ Bucket: bucket.name, Key, Body: 'x' }))
        // MinIO itself refuses some.
        .catch(() => undefined);
    }
    for (const limit of [1, 1_000]) {
      expect(await store.list('odd/', { limit })).toMatchObject({ objects: [{ key: 'odd/good' }] });
    }
  });

  it('leaves no parts behind: of a cancel, a sender that fails, a body that is too large', async () => {
    const abort = new AbortController();
    const silent = new PassThrough();
    const cancelled = store.put('left/cancelled', silent, { signal: abort.signal });
    const outcome = expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' });
    for (let sent = 0; sent < 12; sent += 1) silent.write(randomBytes(MiB));
    while ((await bucket.openUploads()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const start = performance.now();
    abort.abort();
    await outcome;
    expect(performance.now() - start).toBeLessThan(1_000);

    const failing = Readable.from(
      (async function* () {
        for (let sent = 0; sent < 12; sent += 1) yield randomBytes(MiB);
        throw new Error('the sender broke off');
      })(),
    );
    await expect(store.put('left/failed', failing)).rejects.toThrow('the sender broke off');
    const large = Readable.from(Array.from({ length: 12 }, () => randomBytes(MiB)));
    await expect(store.put('left/large', large, { maxBytes: 11 * MiB })).rejects.toMatchObject({
      code: 'object-too-large',
    });
    expect((await store.list('left/')).objects).toEqual([]);
    await expect.poll(() => bucket.openUploads(), { timeout: 10_000 }).toEqual([]);
  });

  it('leaves no parts behind when a part is refused, and does not read the sender to its end', async () => {
    let sent = 0;
    const endless = Readable.from(
      (async function* () {
        for (; sent < 200; sent += 1) yield randomBytes(MiB);
      })(),
    );
    const put = store.put('left/refused', endless);
    const outcome = expect(put).rejects.toMatchObject({ kind: 'transient' });
    while ((await bucket.openUploads()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    // Somebody else ends the upload under our hands: the next part finds it gone.
    await bucket.abortUploads();
    await outcome;
    expect(sent).toBeLessThan(200);
    expect(endless.destroyed).toBe(true);
    expect(await bucket.openUploads()).toEqual([]);
    expect(await store.head('left/refused')).toBeUndefined();
  });

  it('removes the parts that others left when they are old, and no younger ones', async () => {
    for (const Key of ['abandoned/1', 'abandoned/2']) {
      await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key }));
    }
    expect(await store.removeUnfinished({ olderThanMs: 3_600_000 })).toBe(0);
    expect(await store.removeUnfinished({ olderThanMs: -60_000, mode: 'count' })).toBe(2);
    expect(await bucket.openUploads()).toHaveLength(2);
    expect(await store.removeUnfinished({ olderThanMs: -60_000 })).toBe(2);
    expect(await bucket.openUploads()).toEqual([]);
  });

  it('lists past many keys that are no objects, some at a time', async () => {
    for (let index = 0; index < 20; index += 1) await bucket.put(`strange/${index}/`, Buffer.alloc(0));
    await bucket.put('strange/sound', Buffer.from('x'));
    const pages: string[][] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.list('strange/', { limit: 2, ...(after === undefined ? {} : { after }) });
      pages.push(page.objects.map(({ key }) => key));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(['strange/sound']);
  });
});
