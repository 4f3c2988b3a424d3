import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Auth, createAuth } from '#shared/auth';
import { runGuide } from './guide.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-rotate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A process that began with the keys as they are now. */
async function process(name: string): Promise<Auth> {
  const keysFolder = join(folder, name);
  await mkdir(keysFolder, { recursive: true });
  for (const file of ['token-key.json', 'token-key.retired-next.json', 'token-key.retired-last.json'])
    await copyFile(join(folder, 'keys', file), join(keysFolder, file)).catch(() => undefined);
  return createAuth({ keysFolder, use: 'given', clock: { now: () => new Date() } });
}

const issue = (auth: Auth) => auth.issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 3_600 });

it('the signing key is published before it is used, and retired before it goes: at no step does a process refuse a token of another', async () => {
  const environment = { KEYS: join(folder, 'keys') };
  await runGuide('new keys', environment);
  const before = await process('before');
  const token = await issue(before);

  await runGuide('publish the next key', environment);
  const published = await process('published');
  expect((await published.jwks()).keys).toHaveLength(2);
  // Those that began before and those that began now, beside each other.
  await Promise.all([published.verify(token), before.verify(await issue(published))]);

  await runGuide('use the next key', environment);
  const used = await process('used');
  const fresh = await issue(used);
  expect(fresh.split('.')[0]).not.toBe(token.split('.')[0]);
  await Promise.all([used.verify(token), published.verify(fresh)]);

  await runGuide('remove the last key', environment);
  const after = await process('after');
  await after.verify(fresh);
  await expect(after.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
});
