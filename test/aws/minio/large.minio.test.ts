import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createTestBucket } from '../bucket.ts';
import { testServer } from '../server.ts';

const GB = 1_000_000_000;
const MB = 1_000_000;

it('5 GB pass through a process of 300 MB, both ways, unharmed', async () => {
  const bucket = await createTestBucket(testServer());
  const { endpoint, region, credentials } = testServer();
  const settings = JSON.stringify({ endpoint, region, credentials, bucket: bucket.name });
  const program = join(import.meta.dirname, 'fixtures', 'pass-through.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, settings, String(5 * GB)], {
    timeout: 900_000,
  });
  const said = JSON.parse(stdout) as {
    stored: { bytes: number; sha256: string };
    read: string;
    peakBytes: number;
  };
  expect(said.stored.bytes).toBe(5 * GB);
  expect(said.read).toBe(said.stored.sha256);
  expect(said.peakBytes).toBeLessThan(300 * MB);
  expect(await bucket.openUploads()).toEqual([]);
  await bucket.drop();
}, 1_000_000);
