import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuth } from '#shared/auth';
import { ensureToken, keysFolder, readToken, tokenPath } from './index.ts';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace token '));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

const authAt = (now: string) =>
  createAuth({ keysFolder: keysFolder(dataDir), clock: { now: () => new Date(now) } });

it('keeps a first token that only its owner can read', async () => {
  const auth = authAt('2026-01-01');
  const token = await ensureToken({ dataDir, auth });
  expect((await stat(tokenPath(dataDir))).mode & 0o777).toBe(0o600);
  expect(await auth.verify(token)).toMatchObject({ account: 'me', roles: ['admin'] });
  await chmod(tokenPath(dataDir), 0o644);
  expect(await ensureToken({ dataDir, auth })).toBe(token);
  expect((await stat(tokenPath(dataDir))).mode & 0o777).toBe(0o600);
  expect(await readToken(dataDir)).toBe(token);
});

it('replaces one that has expired, was cut short, or was signed with lost keys', async () => {
  const old = await ensureToken({ dataDir, auth: authAt('2026-01-01') });
  const next = await ensureToken({ dataDir, auth: authAt('2027-02-01') });
  expect(next).not.toBe(old);
  await writeFile(tokenPath(dataDir), 'eyJ');
  expect(await ensureToken({ dataDir, auth: authAt('2027-02-01') })).not.toBe('eyJ');
  await rm(keysFolder(dataDir), { recursive: true });
  const auth = authAt('2027-02-01');
  expect(await auth.verify(await ensureToken({ dataDir, auth }))).toMatchObject({ account: 'me' });
});
