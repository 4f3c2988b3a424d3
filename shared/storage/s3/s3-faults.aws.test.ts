import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestBucket, type TestBucket } from '../../../test/aws/bucket.ts';
import { type FaultyProxy, startFaultyProxy } from '../../../test/aws/faulty-proxy.ts';
import { testServer } from '../../../test/aws/server.ts';
import type { S3StoreOptions } from './options.ts';
import { createS3Store, type S3Store } from './s3-store.ts';

const server = testServer();
const MiB = 2 ** 20;
const limits = { partBytes: 5 * MiB, idleMs: 1_500, connectMs: 1_000, attempts: 3 };

describe('a store that fails', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let store: S3Store;
  const open = (other: Partial<S3StoreOptions> = {}) =>
    createS3Store({ ...server, endpoint: proxy.endpoint, bucket: bucket.name, limits, ...other });
  beforeAll(async () => {
    bucket = await createTestBucket(server);
    proxy = await startFaultyProxy(server.endpoint);
    store = await open();
  });
  afterEach(() => proxy.decide(() => 'pass'));
  afterAll(async () => {
    store.close();
    await proxy.close();
    await bucket.drop();
  });
  const body = (parts: number) => Array.from({ length: parts * 5 }, () => randomBytes(MiB));
  const partIs = (number: number) => (url: string) => url.includes(`partNumber=${number}&`);

  async function failureOf(work: Promise<unknown>): Promise<{ kind: string; code: string; message: string }> {
    return await work.then(
      () => expect.fail('it should have failed'),
      (error) => error,
    );
  }

  it.each([
    ['a key that nobody has', { accessKeyId: 'AKIANOBODYHASTHISKEY', secretAccessKey: 'x'.repeat(40) }],
  ])('says so of %s, in every method', async (_name, credentials) => {
    const wrong = await open({ credentials });
    for (const work of [
      () => wrong.put('x', Buffer.from('x')),
      () => wrong.put('x', Readable.from(body(2))),
      () => wrong.get('x'),
      () => wrong.list(''),
      () => wrong.remove('x'),
      () => wrong.removeUnder('x/'),
    ]) {
      const failure = await failureOf(work());
      expect(failure).toMatchObject({ kind: 'transient', code: 'storage-credentials' });
      expect(failure.message).toContain(proxy.endpoint);
      expect(failure.message).toContain(bucket.name);
      expect(failure.message).toContain('AWS_ACCESS_KEY_ID');
      expect(failure.message).not.toContain(credentials.secretAccessKey);
    }
    // HEAD has no body to say why.
    expect(await failureOf(wrong.head('x'))).toMatchObject({ code: 'storage-forbidden' });
    wrong.close();
  });

  it('says which bucket is missing, in every method', async () => {
    const missing = await open({ bucket: 'millrace-nowhere' });
    for (const work of [
      () => missing.put('x', Buffer.from('x')),
      () => missing.put('x', Readable.from(body(2))),
      () => missing.get('x'),
      () => missing.head('x'),
      () => missing.copy('x', 'y'),
      () => missing.list(''),
      () => missing.removeUnder('x/'),
    ]) {
      const failure = await failureOf(work());
      expect(failure).toMatchObject({ kind: 'transient', code: 'storage-bucket-missing' });
      expect(failure.message).toContain('millrace-nowhere');
      expect(failure.message).toContain('npm run provision');
    }
    missing.close();
  });

  it.each([
    ['SlowDown', 503, 'storage-busy'],
    ['RequestTimeTooSkewed', 403, 'storage-clock'],
    ['AccessDenied', 403, 'storage-forbidden'],
    ['SignatureDoesNotMatch', 403, 'storage-credentials'],
    ['ExpiredToken', 400, 'storage-credentials'],
    ['AuthorizationHeaderMalformed', 400, 'storage-region'],
    ['InternalError', 500, 'storage-failed'],
    ['XMinioStorageFull', 507, 'disk-full'],
    ['BadDigest', 400, 'storage-checksum'],
    ['MethodNotAllowed', 405, 'storage-refused'],
  ])('ends with its own word after a bounded number of tries: %s', async (code, status, expected) => {
    proxy.decide(() => ({ status, code }));
    const before = proxy.requests.length;
    const failure = await failureOf(store.put('refused', Buffer.from('x')));
    expect(failure).toMatchObject({ kind: 'transient', code: expected });
    expect(failure.message).toContain(bucket.name);
    expect(failure.message).toContain(proxy.endpoint);
    expect(proxy.requests.length - before).toBeLessThanOrEqual(limits.attempts);
    proxy.decide(() => 'pass');
    expect(await store.head('refused')).toBeUndefined();
  });

  it('waits out a store that asks for less at once', async () => {
    proxy.decide(({ count }) => (count <= 2 ? { status: 503, code: 'SlowDown' } : 'pass'));
    expect(await store.put('slowed', Buffer.from('x'))).toMatchObject({ bytes: 1 });
  });

  it('ends in time when the endpoint hangs, and says where', async () => {
    proxy.decide(() => 'hang');
    const start = performance.now();
    const failure = await failureOf(store.get('x'));
    expect(failure).toMatchObject({ kind: 'transient', code: 'storage-timeout' });
    expect(failure.message).toContain('AWS_ENDPOINT_URL');
    expect(performance.now() - start).toBeLessThan(limits.attempts * limits.idleMs + 5_000);
  });

  it.each(['put', 'put of a stream', 'get', 'copy'])(
    'ends a hanging %s within a second of its cancel',
    async (method) => {
      await store.put('there', Buffer.from('x'));
      proxy.decide(() => 'hang');
      const { signal, abort } = withAbort();
      const works: Record<string, () => Promise<unknown>> = {
        put: () => store.put('hung', Buffer.from('x'), { signal }),
        'put of a stream': () => store.put('hung', Readable.from(body(3)), { signal }),
        get: () => store.get('there', { signal }),
        copy: () => store.copy('there', 'hung', { signal }),
      };
      const work = failureOf(works[method]?.() ?? Promise.resolve());
      await new Promise((resolve) => setTimeout(resolve, 300));
      const start = performance.now();
      abort();
      expect(await work).toMatchObject({ kind: 'cancelled' });
      expect(performance.now() - start).toBeLessThan(1_000);
    },
  );

  it('says that nobody answers', async () => {
    const nobody = await open({ endpoint: 'http://127.0.0.1:9' });
    const failure = await failureOf(nobody.get('x'));
    expect(failure).toMatchObject({ kind: 'transient', code: 'storage-unreachable' });
    expect(failure.message).toContain('http://127.0.0.1:9');
    nobody.close();
  });

  it('sends a part again that a cut connection lost, and only that', async () => {
    let cuts = 0;
    proxy.decide(({ url }) => {
      if (!partIs(2)(url) || cuts > 0) return 'pass';
      cuts += 1;
      return { cutRequestAfter: MiB };
    });
    const pieces = body(4);
    const before = proxy.requests.length;
    await store.put('mended', Readable.from(pieces));
    expect(cuts).toBe(1);
    expect((await buffer(await store.get('mended'))).equals(Buffer.concat(pieces))).toBe(true);
    const parts = proxy.requests.slice(before).filter((line) => line.includes('partNumber='));
    expect(parts).toHaveLength(5);
  });

  it('gives up a part that is cut every time: nothing is visible, nothing is left', async () => {
    await store.put('whole', Buffer.from('old'));
    proxy.decide(({ url }) => (partIs(2)(url) ? { cutRequestAfter: MiB } : 'pass'));
    const failure = await failureOf(store.put('whole', Readable.from(body(4))));
    expect(failure).toMatchObject({ kind: 'transient', code: 'storage-connection-cut' });
    proxy.decide(() => 'pass');
    expect(String(await buffer(await store.get('whole')))).toBe('old');
    expect(await bucket.openUploads()).toEqual([]);
  });

  it.each(['CompleteMultipartUpload', 'CreateMultipartUpload', 'PutObject'])(
    'stores once when the answer to %s is lost',
    async (operation) => {
      const loses = (method: string, url: string): boolean =>
        operation === 'PutObject'
          ? method === 'PUT'
          : method === 'POST' && url.includes('uploadId=') === (operation === 'CompleteMultipartUpload');
      for (const create of [undefined, 'once'] as const) {
        const key = `lost/${operation}-${create ?? 'again'}`;
        let lost = 0;
        proxy.decide(({ method, url }) => {
          if (lost > 0 || !loses(method, url)) return 'pass';
          lost += 1;
          return 'lose answer';
        });
        const pieces = operation === 'PutObject' ? [Buffer.from('small')] : body(2);
        const whole = Buffer.concat(pieces);
        const given = operation === 'PutObject' ? whole : Readable.from(pieces);
        const stored = await store.put(key, given, create === undefined ? {} : { create });
        expect(lost).toBe(1);
        expect(stored.bytes).toBe(whole.length);
        expect(await bucket.openUploads()).toEqual([]);
        expect((await buffer(await store.get(key))).equals(whole)).toBe(true);
      }
    },
  );

  it.each([
    ['one request', (bytes: Buffer) => bytes],
    ['parts', (bytes: Buffer) => Readable.from([bytes])],
  ])('never keeps bytes that were changed on their way: in %s', async (_name, given) => {
    const bytes = randomBytes(6 * MiB);
    proxy.decide(({ method }) => (method === 'PUT' ? { flip: 'request' } : 'pass'));
    const failure = await failureOf(store.put('changed', given(bytes)));
    expect(failure).toMatchObject({ kind: 'transient', code: 'storage-checksum' });
    expect(failure.message).toContain(bucket.name);
    proxy.decide(() => 'pass');
    expect(await store.head('changed')).toBeUndefined();
    expect(await bucket.openUploads()).toEqual([]);
  });

  it('fails to read bytes that were changed on their way', async () => {
    await store.put('flipped', randomBytes(MiB));
    proxy.decide(({ method }) => (method === 'GET' ? { flip: 'answer' } : 'pass'));
    const reading = store.get('flipped').then(buffer);
    expect(await failureOf(reading)).toMatchObject({ kind: 'transient', code: 'storage-checksum' });
  });

  describe('a copy in parts', () => {
    const pieces = randomBytes(12 * MiB);
    let copying: S3Store;
    beforeAll(async () => {
      copying = await open({ limits: { ...limits, copyPartBytes: 5 * MiB, partsAtOnce: 2 } });
      await store.put('copied/from', pieces);
    });
    afterAll(() => copying.close());

    it('leaves nothing when a part fails while others are on their way', async () => {
      let aborts = 0;
      let slow = 0;
      const before = proxy.requests.length;
      proxy.decide(({ method, url }) => {
        if (partIs(1)(url)) return { status: 403, code: 'AccessDenied' };
        if (partIs(2)(url)) {
          slow += 1;
          return { delayMs: 500 };
        }
        // The first abort is lost too.
        if (method === 'DELETE') aborts += 1;
        const isRefused = method === 'DELETE' && aborts <= limits.attempts;
        return isRefused ? { status: 500, code: 'InternalError' } : 'pass';
      });
      const failure = await failureOf(copying.copy('copied/from', 'copied/to'));
      expect(failure).toMatchObject({ kind: 'transient', code: 'storage-forbidden' });
      expect(slow).toBe(1);
      await vi.waitFor(async () => expect(await bucket.openUploads()).toEqual([]), 10_000);
      expect(proxy.requests.slice(before).filter(partIs(3))).toEqual([]);
      expect(await store.head('copied/to')).toBeUndefined();
    });

    it('stands once when the answer to its completion is lost', async () => {
      let lost = 0;
      proxy.decide(({ method, url }) => {
        if (method !== 'POST' || !url.includes('uploadId=')) return 'pass';
        lost += 1;
        // Some servers have forgotten the upload when they are asked again.
        return lost === 1 ? 'lose answer' : { status: 404, code: 'NoSuchUpload' };
      });
      await copying.copy('copied/from', 'copied/twice');
      expect(lost).toBe(2);
      expect((await buffer(await store.get('copied/twice'))).equals(pieces)).toBe(true);
      expect(await bucket.openUploads()).toEqual([]);
    });
  });

  it('reads on where a connection broke, and never mixes two objects', async () => {
    const bytes = randomBytes(3 * MiB);
    await store.put('broken-off', bytes);
    proxy.decide(({ count }) => (count <= 2 ? { cutAnswerAfter: MiB } : 'pass'));
    expect((await buffer(await store.get('broken-off'))).equals(bytes)).toBe(true);
    proxy.decide(({ count }) => (count <= 2 ? { cutAnswerAfter: 100_000 } : 'pass'));
    const range = { start: MiB, end: 2 * MiB };
    expect(
      (await buffer(await store.get('broken-off', { range }))).equals(bytes.subarray(MiB, 2 * MiB)),
    ).toBe(true);
    proxy.decide(({ count }) => (count === 1 ? { cutAnswerAfter: MiB } : 'pass'));
    const reading = await store.get('broken-off');
    await bucket.put('broken-off', randomBytes(3 * MiB));
    await expect(buffer(reading)).rejects.toMatchObject({ kind: 'conflict', code: 'object-changed' });
  });

  it('gives up reading what breaks off every time', async () => {
    await store.put('always-broken', randomBytes(MiB));
    proxy.decide(() => ({ cutAnswerAfter: 0 }));
    await expect(buffer(await store.get('always-broken'))).rejects.toMatchObject({
      kind: 'transient',
      code: 'storage-connection-cut',
    });
  });

  it('stays silent as long as its sender does, and fails when the store does meanwhile', async () => {
    const silent = new PassThrough();
    proxy.decide(({ url }) =>
      url.includes('partNumber=1') ? { status: 403, code: 'AccessDenied' } : 'pass',
    );
    const failing = failureOf(store.put('silent', silent));
    for (let sent = 0; sent < 6; sent += 1) silent.write(randomBytes(MiB));
    expect(await failing).toMatchObject({ code: 'storage-forbidden' });
    expect(silent.destroyed).toBe(true);
    proxy.decide(() => 'pass');
    expect(await bucket.openUploads()).toEqual([]);
  });
});

function withAbort(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
