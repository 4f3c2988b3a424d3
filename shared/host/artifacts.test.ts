import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Claim } from '#shared/ledger';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { createMetrics } from '#shared/telemetry';
import { type DeliveryArtifacts, deliveryArtifacts } from './artifacts.ts';
import { createHostMetrics } from './host-metrics.ts';

const claim: Claim = {
  ...{ id: 'd', run: 'r', title: 't', owner: 'me', function: 'film', key: null, attempts: 0, lost: 0 },
  ...{ fence: '1', host: 'h', timeoutMs: 1_000, events: [] },
};

let folder: string;
let store: ObjectStore;
const metrics = createMetrics({ service: 'test', tells: 'its work' });
const hostMetrics = createHostMetrics(metrics);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-artifacts-'));
  store = await createFilesystemStore({ root: join(folder, 'objects') });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The files of one attempt, whose store is elsewhere: what is fetched has to be downloaded. */
function remote(get: ObjectStore['get']): DeliveryArtifacts {
  const { localPath: _, ...elsewhere } = store;
  return deliveryArtifacts({
    ...{ claim, store: { ...elsewhere, get }, workdir: () => folder },
    signal: AbortSignal.timeout(10_000),
    onDownload: (change) => hostMetrics.downloading(claim.function, change),
  });
}

const active = async () =>
  /^millrace_active_downloads\{.*function="film".*\} (.*)$/m.exec(await metrics.text())?.[1];

it('counts what it downloads for as long as it does', async () => {
  const seen: unknown[] = [];
  const { put, fetch } = remote(async (key) => {
    const body = await store.get(key);
    return Readable.from(
      (async function* () {
        seen.push(await active());
        yield* body;
      })(),
    );
  });
  const path = await fetch(await put('a.txt', { bytes: 'hello' }));
  expect(await readFile(path, 'utf8')).toBe('hello');
  expect(seen).toEqual(['1']);
  expect(await active()).toBe('0');
});

it('counts no download that has failed', async () => {
  const { put, fetch } = remote(() => Promise.reject(new Error('the store is away')));
  const artifact = await put('a.txt', { bytes: 'hello' });
  await expect(fetch(artifact)).rejects.toThrow('the store is away');
  expect(await active()).toBe('0');
});

it.each([
  ['as many bytes, but others', () => Buffer.from('hellp')],
  ['fewer bytes', () => Buffer.from('hell')],
])('hands out nothing that came damaged, and fetches it whole the next time: %s', async (_name, damaged) => {
  let fetched = 0;
  const { put, fetch } = remote(async (key) => {
    fetched += 1;
    return fetched === 1 ? Readable.from([damaged()]) : await store.get(key);
  });
  const artifact = await put('a.txt', { bytes: 'hello' });
  await expect(fetch(artifact)).rejects.toMatchObject({ kind: 'transient', code: 'artifact-damaged' });
  expect(await readFile(await fetch(artifact), 'utf8')).toBe('hello');
});
