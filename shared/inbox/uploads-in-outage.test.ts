import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Transient } from '#shared/errors';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { eraseFrom } from './erase.ts';
import { recordKey, STAGING, type Upload } from './upload-record.ts';
import { createUploads } from './uploads.ts';

const HOUR_MS = 3_600_000;
const away = () => new Transient('storage-unreachable', 'The store is away.');

describe('an upload whose record cannot be read at this moment', () => {
  let root: string;
  let store: ObjectStore;
  let now: Date;
  const aborted: string[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace uploads '));
    store = await createFilesystemStore({ root });
    now = new Date();
    aborted.length = 0;
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const uploadsOn = (on: ObjectStore) =>
    createUploads({ store: on, artifacts: on, clock: { now: () => now }, scripts: 'aside' });
  const left = async () => (await store.list(STAGING)).objects.map(({ key }) => key);
  /** After so many reads that succeed, the store is away: at once, or in the middle of the bytes. */
  function failing({ after = 0, how = 'at once' } = {}): ObjectStore {
    let reads = 0;
    return {
      ...store,
      async get(key, options) {
        reads += 1;
        if (reads <= after) return await store.get(key, options);
        if (how === 'at once') throw away();
        return Readable.from(
          (async function* () {
            yield Buffer.from('{"id"');
            throw away();
          })(),
          { objectMode: false },
        );
      },
    };
  }
  async function completed(): Promise<Upload> {
    const uploads = uploadsOn(store);
    const { id } = await uploads.open({ account: 'alice', name: 'essay.md' });
    const { signal } = new AbortController();
    await uploads.receive({ id, body: Readable.from([Buffer.from('# One\n')]), signal });
    return (await uploads.complete({ id, account: 'alice' })).upload;
  }

  it.each(['at once', 'in the middle'])('is not taken to have expired: away %s', async (how) => {
    const { id } = await completed();
    const before = await left();
    await expect(uploadsOn(failing({ how })).expire(id)).rejects.toMatchObject({
      code: 'storage-unreachable',
    });
    expect(await left()).toEqual(before);
    expect(await uploadsOn(store).finished({ id, account: 'alice' })).toBeDefined();
  });

  it('is not said to be none', async () => {
    const { id } = await completed();
    await expect(uploadsOn(failing()).finished({ id, account: 'alice' })).rejects.toMatchObject({
      code: 'storage-unreachable',
    });
    expect(await uploadsOn(store).finished({ id, account: 'mallory' })).toBeUndefined();
  });

  it('keeps its record until what the store holds of it is gone too', async () => {
    const direct: ObjectStore['direct'] = {
      signPut: () => Promise.reject(away()),
      begin: () => Promise.resolve('upload-7'),
      signPart: () => Promise.reject(away()),
      parts: () => Promise.resolve(undefined),
      complete: () => Promise.reject(away()),
      async abort({ upload }) {
        aborted.push(upload);
      },
    };
    const { id } = await uploadsOn({ ...store, direct }).open({
      ...{ account: 'alice', name: 'large.mp4', bytes: 40 * 2 ** 20 },
    });
    now = new Date(now.getTime() + 100 * HOUR_MS);
    await expect(uploadsOn({ ...failing({ after: 1 }), direct }).expire(id)).rejects.toMatchObject({
      code: 'storage-unreachable',
    });
    expect(await left()).toEqual([recordKey(id)]);
    expect(await uploadsOn({ ...store, direct }).expire(id)).toBe(true);
    expect(aborted).toEqual(['upload-7']);
    expect(await left()).toEqual([]);
  });

  it('is not passed over when its account is erased', async () => {
    await completed();
    const drops = { owners: 'configured', owner: 'me' } as const;
    await expect(eraseFrom(failing({ how: 'in the middle' }), 'alice', drops)).rejects.toMatchObject({
      code: 'storage-unreachable',
    });
    await eraseFrom(store, 'alice', drops);
    expect(await left()).toEqual([]);
  });

  it.each(['', '{"id":', '{"id":"of another version"}'])(
    'goes where no read will ever make sense of it: %j',
    async (torn) => {
      const { id } = await completed();
      await store.put(recordKey(id), Buffer.from(torn));
      expect(await uploadsOn(store).finished({ id, account: 'alice' })).toBeUndefined();
      expect(await uploadsOn(store).expire(id)).toBe(true);
      expect(await left()).toEqual([]);
    },
  );
});
