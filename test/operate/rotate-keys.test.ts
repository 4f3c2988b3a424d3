import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';
import { runGuide } from './guide.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-rotate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A process that began with the keys as they are now. */
async function startedNow(name: string) {
  const keysFolder = join(folder, name);
  await cp(join(folder, 'keys'), keysFolder, { recursive: true });
  const keys = { keysFolder, use: 'given', clock: { now: () => new Date() } } as const;
  const auth = createAuth(keys);
  const signer = createUrlSigner(keys);
  const path = '/api/pipelines/x/artifacts/video.mp4';
  return {
    published: async () => (await auth.jwks()).keys.length,
    token: () => auth.issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 3_600 }),
    link: () => signer.sign({ method: 'GET', path, expiresAt: new Date(Date.now() + 60_000) }),
    /** Both of them are good here. */
    async takes({ token, link }: { token: string; link: string }): Promise<void> {
      await auth.verify(token);
      const query = new URL(link, 'http://host').searchParams;
      await signer.verify({ method: 'GET', path, query });
    },
  };
}

const given = async (by: Awaited<ReturnType<typeof startedNow>>) => ({
  token: await by.token(),
  link: await by.link(),
});

it('signing keys are published before they are used, and retired before they go: at no step does a process refuse what another signed', async () => {
  const environment = { KEYS: join(folder, 'keys') };
  await runGuide('new keys', environment);
  const before = await startedNow('before');
  const old = await given(before);

  await runGuide('publish the next keys', environment);
  const published = await startedNow('published');
  expect(await published.published()).toBe(2);
  // Those that began before and those that began now, beside each other.
  await published.takes(old);
  await before.takes(await given(published));

  await runGuide('use the next keys', environment);
  const used = await startedNow('used');
  const fresh = await given(used);
  expect(fresh.token.split('.')[0]).not.toBe(old.token.split('.')[0]);
  await used.takes(old);
  await published.takes(fresh);

  await runGuide('remove the last keys', environment);
  const after = await startedNow('after');
  await after.takes(fresh);
  await expect(after.takes({ ...fresh, token: old.token })).rejects.toMatchObject({ code: 'token-invalid' });
  await expect(after.takes({ ...fresh, link: old.link })).rejects.toMatchObject({
    code: 'signature-invalid',
  });
});
