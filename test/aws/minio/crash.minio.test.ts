import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Store, type S3Store } from '#shared/storage';
import { freePort } from '../../free-port.ts';
import { createTestBucket, type TestBucket } from '../bucket.ts';
import { startMinio } from '../servers/minio.ts';

const MiB = 2 ** 20;

describe('a death in mid-upload', () => {
  let folder: string;
  let port: number;
  let server: Awaited<ReturnType<typeof startMinio>>;
  let bucket: TestBucket;
  let store: S3Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-minio-crash-'));
    port = await freePort();
    server = await startMinio({ folder, port });
    bucket = await createTestBucket(server);
    store = await createS3Store({
      ...server,
      bucket: bucket.name,
      limits: { partBytes: 5 * MiB, idleMs: 2_000, connectMs: 1_000, attempts: 3 },
    });
  });
  afterAll(async () => {
    store?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const settings = () =>
    JSON.stringify({
      endpoint: server.endpoint,
      region: server.region,
      credentials: server.credentials,
      bucket: bucket.name,
    });

  it('of the server ends in an error that says where; what was there stays, and the next put is whole', async () => {
    const old = randomBytes(12 * MiB);
    await store.put('film', old);
    const body = new PassThrough();
    const failing = store.put('film', body).then(
      () => expect.fail('it should have failed'),
      (error: { kind: string; code: string; message: string }) => error,
    );
    for (let sent = 0; sent < 12; sent += 1) body.write(randomBytes(MiB));
    await expect.poll(() => bucket.openUploads(), { timeout: 20_000 }).toEqual(['film']);
    await server.kill?.();
    for (let sent = 0; sent < 12; sent += 1) body.write(randomBytes(MiB));
    body.end();
    const failure = await failing;
    expect(failure.kind).toBe('transient');
    expect(failure.code).toMatch(/^storage-(unreachable|connection-cut|timeout)$/);
    expect(failure.message).toContain(server.endpoint);

    server = await startMinio({ folder, port });
    expect((await buffer(await store.get('film'))).equals(old)).toBe(true);
    const fresh = randomBytes(12 * MiB);
    await store.put('film', fresh);
    expect((await buffer(await store.get('film'))).equals(fresh)).toBe(true);
    // The server was not there to be told: what it still holds of the broken upload is old enough one day.
    await store.removeUnfinished({ olderThanMs: -60_000 });
    expect(await bucket.openUploads()).toEqual([]);
  });

  it('of the sender shows nothing, and leaves what a sweep removes', async () => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'fixtures', 'endless-put.ts'), settings()],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    await expect.poll(() => bucket.openUploads(), { timeout: 30_000 }).toEqual(['endless.bin']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await store.head('endless.bin')).toBeUndefined();
    expect(await store.removeUnfinished({ olderThanMs: -60_000 })).toBe(1);
    expect(await bucket.openUploads()).toEqual([]);
  });
});
