import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Keys that any store must hold: what people really call their files. */
const oddKeys = [
  'plain.txt',
  'with space/and + plus/100%.txt',
  'a%2Fb/%2e%2e/literal.txt',
  'quotes\'and"double/[brackets]{braces}.txt',
  '?query=1&b#fragment.txt',
  '..hidden/...three/a..b.txt',
  '-rf/--flag/$(touch pwned)/`id`;|&.txt',
  'Žluťoučký kůň/日本語/🦑.txt',
  '<script>alert(1)</script>.html',
  `${'long'.repeat(63)}/x`,
  'percent/%/%25/%zz/100%.txt',
  'plus/a+b/+/++.txt',
  // 1,024 bytes with the prefix that the test puts before it.
  `${`${'k'.repeat(203)}/`.repeat(4)}${'é'.repeat(102)}`,
  'combining/e\u0301 and é.txt',
];

const hostileKeys = [
  ['empty', ''],
  ['one dot', '.'],
  ['two dots', '..'],
  ['a way out', '../outside.txt'],
  ['a way out in the middle', 'a/../../outside.txt'],
  ['a dot segment', 'a/./b'],
  ['a way out at the end', 'a/..'],
  ['a leading slash', '/etc/passwd'],
  ['an empty segment', 'a//b'],
  ['a trailing slash', 'a/'],
  ['NUL', 'a\0b'],
  ['a line end', 'a\nb'],
  ['DEL', 'a\x7fb'],
  ['a C1 control', 'a\x85b'],
  ['a backslash', '..\\outside'],
  ['a lone surrogate', 'a\ud800b'],
  ['1025 bytes', `${'a/'.repeat(512)}b`],
  ['a segment of 256 bytes', 'é'.repeat(128)],
  ["the store's own folder", '.incoming/x'],
] as const;

/** What every driver must do; run it with a factory for an empty store. */
export function describeObjectStore(options: {
  name: string;
  create: () => Promise<{ store: ObjectStore; dispose: () => Promise<void> }>;
}): void {
  describe(`${options.name}: an object store`, () => {
    let store: ObjectStore;
    let dispose = async () => undefined as unknown;

    beforeAll(async () => {
      const made = await options.create();
      store = made.store;
      dispose = made.dispose;
    });
    afterAll(() => dispose());

    const read = async (key: string, range?: { start: number; end: number }) =>
      buffer(await store.get(key, range === undefined ? {} : { range }));
    const keysUnder = async (prefix: string) => (await store.list(prefix)).objects.map(({ key }) => key);

    it.each(oddKeys)('holds %j', async (key) => {
      const bytes = Buffer.from(`bytes of ${key}`);
      const stored = await store.put(`odd/${key}`, bytes);
      expect(stored).toMatchObject({ key: `odd/${key}`, bytes: bytes.length, sha256: sha256(bytes) });
      expect(await read(`odd/${key}`)).toEqual(bytes);
      expect(await keysUnder('odd/')).toContain(`odd/${key}`);
    });

    it.each(hostileKeys)('refuses a key with %s', async (_why, key) => {
      const refused = { kind: 'permanent', code: 'key-invalid' };
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.copy('odd/plain.txt', key)).rejects.toMatchObject(refused);
      await expect(store.copy(key, 'odd/other')).rejects.toMatchObject(refused);
      await expect(store.remove(key)).rejects.toMatchObject(refused);
    });

    it.each(['', '../', '/', 'a//', 'a/./', '.incoming/x'])(
      'removes nothing under the prefix %j',
      async (prefix) => {
        await expect(store.removeUnder(prefix)).rejects.toMatchObject({
          kind: 'permanent',
          code: 'key-invalid',
        });
      },
    );

    it('stores an empty object, and a stream in pieces', async () => {
      expect(await store.put('empty', new Uint8Array())).toMatchObject({
        bytes: 0,
        sha256: sha256(new Uint8Array()),
      });
      expect(await read('empty')).toEqual(Buffer.alloc(0));
      const pieces = Array.from({ length: 100 }, (_, index) => randomBytes(index * 101));
      const stored = await store.put('pieces.bin', Readable.from(pieces));
      const whole = Buffer.concat(pieces);
      expect(stored).toMatchObject({ bytes: whole.length, sha256: sha256(whole) });
      expect(sha256(await read('pieces.bin'))).toBe(sha256(whole));
    });

    it('replaces an object; who reads the old one reads it whole', async () => {
      const [old, fresh] = [randomBytes(3_000_000), randomBytes(1_000)];
      await store.put('replaced', old);
      const reading = await store.get('replaced');
      const first: Buffer = await new Promise((resolve) => {
        reading.once('data', (chunk) => {
          reading.pause();
          resolve(chunk);
        });
      });
      await store.put('replaced', fresh);
      // By digest: comparing megabytes element by element takes seconds.
      expect(sha256(Buffer.concat([first, await buffer(reading)]))).toBe(sha256(old));
      expect(await read('replaced')).toEqual(fresh);
    });

    it('knows type, size and time', async () => {
      const before = Date.now() - 2_000;
      await store.put('video.mp4', Buffer.from('12345'), { type: 'video/mp4' });
      const found = await store.head('video.mp4');
      expect(found).toMatchObject({ key: 'video.mp4', bytes: 5, type: 'video/mp4' });
      expect(found?.modifiedAt.getTime()).toBeGreaterThan(before);
      expect(await store.head('nothing/here')).toBeUndefined();
      expect(await store.head('video.mp4/inside')).toBeUndefined();
      await expect(store.get('nothing/here')).rejects.toMatchObject({
        kind: 'permanent',
        code: 'object-not-found',
      });
    });

    it.each([
      [0, 1],
      [3, 7],
      [9, 10],
      [0, 10],
      [4, 1_000],
    ])('reads the bytes from %i to %i', async (start, end) => {
      await store.put('digits', Buffer.from('0123456789'));
      expect(String(await read('digits', { start, end }))).toBe('0123456789'.slice(start, end));
    });

    it.each([
      [10, 11],
      [5, 5],
      [7, 3],
      [-1, 3],
      [0.5, 3],
      [0, Number.NaN],
    ])('refuses the range from %d to %d', async (start, end) => {
      await store.put('digits', Buffer.from('0123456789'));
      await expect(store.get('digits', { range: { start, end } })).rejects.toMatchObject({
        kind: 'permanent',
        code: 'range-not-satisfiable',
      });
    });

    it('refuses a body that is too large, and keeps what was there', async () => {
      await store.put('limited', Buffer.from('old'));
      for (const body of [Buffer.alloc(11), Readable.from([Buffer.alloc(6), Buffer.alloc(6)])]) {
        await expect(store.put('limited', body, { maxBytes: 10 })).rejects.toMatchObject({
          kind: 'permanent',
          code: 'object-too-large',
        });
      }
      expect(String(await read('limited'))).toBe('old');
      expect(await store.put('limited', Buffer.alloc(10), { maxBytes: 10 })).toMatchObject({ bytes: 10 });
    });

    it('leaves nothing of a put that is cancelled while its sender is silent', async () => {
      const abort = new AbortController();
      const body = new PassThrough();
      body.write(randomBytes(100_000));
      setTimeout(() => abort.abort(), 50);
      await expect(store.put('cancelled/x', body, { signal: abort.signal })).rejects.toMatchObject({
        kind: 'cancelled',
      });
      expect(body.destroyed).toBe(true);
      await expect(
        store.put('cancelled/x', Buffer.from('x'), { signal: abort.signal }),
      ).rejects.toMatchObject({
        kind: 'cancelled',
      });
      expect(await keysUnder('cancelled')).toEqual([]);
    });

    it('leaves nothing of a put whose sender fails', async () => {
      const body = Readable.from(
        (async function* () {
          yield randomBytes(100_000);
          throw new Error('the sender broke off');
        })(),
      );
      await expect(store.put('broken', body)).rejects.toThrow('the sender broke off');
      expect(await store.head('broken')).toBeUndefined();
    });

    it('lists in the order of code points, page by page, nothing twice', async () => {
      // U+FF5E sorts before U+1F991 by code point, after it by UTF-16 units; "-" and "." before "/", "0" after.
      const names = ['a', 'a-b', 'a.b/c', 'a0', 'b/c/d', 'b/c/e', 'b/cc', 'z', '～', '🦑'].map(
        (name) => `order/${name}`,
      );
      for (const key of [...names].reverse()) await store.put(key, Buffer.from('x'));
      expect(await keysUnder('order/')).toEqual(names);
      for (const limit of [1, 3, 10]) {
        const seen: string[] = [];
        for (let after: string | undefined; ; ) {
          const page = await store.list('order/', { limit, ...(after === undefined ? {} : { after }) });
          seen.push(...page.objects.map(({ key }) => key));
          after = page.next;
          if (after === undefined) break;
          expect(page.objects).toHaveLength(limit);
        }
        expect(seen).toEqual(names);
      }
    });

    it('lists by any beginning of a key, and from any point', async () => {
      for (const key of ['p/one/1', 'p/one/2', 'p/oneness', 'p/two']) await store.put(key, Buffer.from('x'));
      expect(await keysUnder('p/one')).toEqual(['p/one/1', 'p/one/2', 'p/oneness']);
      expect(await keysUnder('p/one/')).toEqual(['p/one/1', 'p/one/2']);
      expect(await keysUnder('p/nothing')).toEqual([]);
      expect(await keysUnder('p/two/')).toEqual([]);
      const page = await store.list('p/', { after: 'p/one/15' });
      expect(page.objects.map(({ key }) => key)).toEqual(['p/one/2', 'p/oneness', 'p/two']);
      await expect(store.list('../')).rejects.toMatchObject({ code: 'key-invalid' });
    });

    it('copies; the copy lives on when the original is replaced or removed', async () => {
      await store.put('original', Buffer.from('first'));
      await store.copy('original', 'deep/er/copy');
      await store.copy('original', 'deep/er/copy');
      await store.put('original', Buffer.from('second'));
      expect(String(await read('deep/er/copy'))).toBe('first');
      await store.remove('original');
      expect(String(await read('deep/er/copy'))).toBe('first');
      await store.copy('deep/er/copy', 'deep/er/copy');
      expect(String(await read('deep/er/copy'))).toBe('first');
      await expect(store.copy('original', 'elsewhere')).rejects.toMatchObject({ code: 'object-not-found' });
      expect(await store.head('elsewhere')).toBeUndefined();
    });

    it('removes once, and does not mind twice', async () => {
      await store.put('gone/by/now', Buffer.from('x'));
      await store.remove('gone/by/now');
      await store.remove('gone/by/now');
      await store.remove('never/was');
      expect(await keysUnder('gone')).toEqual([]);
      expect(await store.head('gone/by/now')).toBeUndefined();
    });

    it('removes what lies under a prefix, page after page, and nothing beside it', async () => {
      const keys = Array.from({ length: 1_100 }, (_, index) => `many/a/${index}`);
      for (let at = 0; at < keys.length; at += 50) {
        await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, Buffer.from('x'))));
      }
      for (const key of ['many/ab', 'many/b/1', 'many/a']) {
        await store.put(key === 'many/a' ? 'many/A' : key, Buffer.from('x'));
      }
      expect(await store.removeUnder('many/a/')).toBe(1_100);
      expect(await keysUnder('many/')).toEqual(['many/A', 'many/ab', 'many/b/1']);
      expect(await store.removeUnder('many/a/')).toBe(0);
      expect(await store.removeUnder('many/a')).toBe(1);
    });

    it('creates once: one of thirty wins, and what is there stays', async () => {
      const bodies = Array.from({ length: 30 }, (_, index) => Buffer.from(`body ${index}`));
      const tries = await Promise.allSettled(
        bodies.map((body) => store.put('once/only', body, { create: 'once' })),
      );
      const won = tries.flatMap((one, index) => (one.status === 'fulfilled' ? [index] : []));
      expect(won).toHaveLength(1);
      for (const one of tries) {
        if (one.status === 'fulfilled') continue;
        expect(one.reason).toMatchObject({ kind: 'conflict', code: 'object-exists' });
      }
      expect(await read('once/only')).toEqual(bodies[won[0] ?? -1]);
      await expect(
        store.put('once/only', Readable.from([Buffer.from('late')]), { create: 'once' }),
      ).rejects.toMatchObject({ code: 'object-exists' });
      await store.remove('once/only');
      await store.put('once/only', Buffer.from('again'), { create: 'once' });
      expect(String(await read('once/only'))).toBe('again');
    });

    it('refuses a body that was broken before it was given', async () => {
      const body = Readable.from([Buffer.from('x')]);
      body.destroy(new Error('gone before'));
      body.on('error', () => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      await expect(store.put('broken-before', body)).rejects.toThrow();
      expect(await store.head('broken-before')).toBeUndefined();
    });

    it('ends a read within a second of its cancel', async () => {
      await store.put('long', randomBytes(4_000_000));
      const abort = new AbortController();
      const body = await store.get('long', { signal: abort.signal });
      body.once('data', () => {
        body.pause();
        abort.abort();
      });
      const start = performance.now();
      await expect(buffer(body)).rejects.toThrow();
      // A second, on a machine that has other things to do as well.
      expect(performance.now() - start).toBeLessThan(5_000);
      await expect(store.get('long', { signal: abort.signal })).rejects.toMatchObject({ kind: 'cancelled' });
    });

    it('ends with one whole object when fifty put to one key', async () => {
      const bodies = Array.from({ length: 50 }, () => randomBytes(100_000));
      await Promise.all(bodies.map((body) => store.put('contended', Readable.from([body]))));
      const digest = sha256(await read('contended'));
      expect(bodies.map(sha256)).toContain(digest);
    });

    it('survives puts and removals in one folder at once', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => `busy/a/b/${index}`);
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          keys.map(async (key, index) => {
            await store.put(key, Buffer.from(key));
            if (index % 2 === 0) await store.remove(key);
          }),
        );
        const kept = keys.filter((_, index) => index % 2 === 1);
        expect((await keysUnder('busy/')).sort()).toEqual([...kept].sort());
        await Promise.all(kept.map((key) => store.remove(key)));
      }
    });
  });
}
