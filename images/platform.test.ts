import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { buildPlatform } from './bundle/index.ts';
import { openPlace, type Place, type Started } from './testing/place.ts';

describe('the bundle of the platform, with nothing around it', () => {
  let database: TestDatabase;
  let folder: string;
  let place: Place;
  let token: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-platform-'));
    database = await createTestDatabase();
    await buildPlatform({ folder });
    place = await openPlace([folder]);
    const keysFolder = join(place.data.here, 'keys');
    const clock = { now: () => new Date() };
    const auth = createAuth({ keysFolder, clock });
    token = await auth.issue({ sub: 'ann', account: 'ann', roles: ['admin'], ttlSeconds: 3_600 });
    await createUrlSigner({ keysFolder, clock }).sign({ method: 'GET', path: '/', expiresAt: new Date() });
    await place.handOver();
    expect(await (await start('migrate')).ended).toEqual({ code: 0, complaints: '' });
  }, 120_000);
  afterAll(async () => {
    await place?.remove();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (role: string): Promise<Started> =>
    place.start({
      bundle: folder,
      words: [role],
      has: 'bare',
      environment: { DATABASE_URL: database.url, DATA_DIR: place.data.there, PORT: '0' },
    });
  const ended = async ({ child, ended }: Started) => {
    child.kill('SIGTERM');
    return (await ended).code;
  };

  it('answers requests with all that its pages need, and starts a run', async () => {
    const ingress = await start('ingress');
    const url = await ingress.listening();
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    for (const path of [
      ...['/health', '/ready', '/metrics', '/openapi.json', '/asyncapi.json', '/docs', '/tts/voices'],
      ...['/assets/style.css', '/assets/live.js', '/assets/mark.svg', '/assets/inter-700.woff2'],
    ]) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(10);
    }
    const document = (await (await ask('/openapi.json')).json()) as { components: { schemas: object } };
    expect(Object.keys(document.components.schemas)).toContain('Pipeline');
    const started = await ask('/api/pipelines', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: 'The octopus' }),
    });
    expect(started.status).toBe(202);
    expect(await ended(ingress)).toBe(0);
  }, 120_000);

  it.each(['scheduler', 'adapter'])(
    'runs the %s',
    async (role) => {
      const started = await start(role);
      const url = await started.listening();
      for (const path of ['/health', '/ready', '/metrics'])
        expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 200]);
      expect(await ended(started)).toBe(0);
    },
    60_000,
  );

  it('refuses a part that there is not', async () => {
    const { code, complaints } = await (await start('conductor')).ended;
    expect(complaints).toContain('There is no part "conductor" of the platform');
    expect(code).toBe(1);
  });
});
