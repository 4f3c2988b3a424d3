import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkStore, openStore } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a store that is opened by its settings', () => {
  it('is checked by what the platform does all day, and keeps nothing of it', async () => {
    const store = await openStore({ driver: 'filesystem', root: join(folder, 'bucket') });
    await checkStore(store, { signal: AbortSignal.timeout(10_000) });
    expect((await store.list('')).objects).toEqual([]);
  });

  it('does not load the SDK of S3 before a bucket is opened: it would delay every start', async () => {
    const loaded = async (code: string): Promise<boolean> => {
      const program = `
        const { createRequire } = await import('node:module');
        const storage = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
        ${code}
        const paths = Object.keys(createRequire(import.meta.url).cache);
        console.log(paths.some((path) => path.includes('@aws-sdk')));`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
      return stdout.trim() === 'true';
    };
    const settings = { driver: 's3', bucket: 'nowhere', endpoint: 'http://127.0.0.1:9', region: 'us-east-1' };
    expect(await loaded('')).toBe(false);
    expect(await loaded(`await storage.openStore(${JSON.stringify(settings)});`)).toBe(true);
  });
});
