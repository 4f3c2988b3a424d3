import { afterEach, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

const opened: FrontDoor[] = [];
afterEach(async () => {
  for (const door of opened.splice(0)) await door.close();
});

async function open(ratePerMinute: number, trustProxy: boolean | number = false): Promise<FrontDoor> {
  const door = await openFrontDoor({ limits: { ratePerMinute, trustProxy } });
  opened.push(door);
  return door;
}

describe('requests a minute and address', () => {
  test('the one too many is 429 and says when to come back; what went before is counted down', async () => {
    const door = await open(5);
    const left: (string | null)[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await door.ask('/api/pipelines', { as: 'alice' });
      expect(answer.status).toBe(200);
      left.push(answer.headers.get('ratelimit-remaining'));
    }
    expect(left).toEqual(['4', '3', '2', '1', '0']);
    const refused = await door.ask('/api/pipelines', { as: 'alice', body: { topic: 'Why bees dance' } });
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit-limit')).toBe('5');
    expect(await problemIn(refused)).toMatchObject({
      code: 'too-many-requests',
      errors: [{ message: 'At most 5 requests a minute.', limit: 5 }],
    });
    // Refused before anything was done.
    expect(await door.fixture.rows('select id from ledger.run')).toEqual([]);
    // Another token from the same place is the same place.
    expect((await door.ask('/api/pipelines', { as: 'bob' })).status).toBe(429);
  });

  test('guessing is counted: wrong tokens, wrong methods, wrong paths, the sign-in', async () => {
    const door = await open(4);
    const statuses = [
      (await door.ask('/api/pipelines', { headers: { authorization: 'Bearer guess' } })).status,
      (await door.ask('/api/pipelines', { method: 'PUT' })).status,
      (await door.ask('/wp-admin')).status,
      (await door.ask('/sign-in', { method: 'POST', body: 'token=guess' })).status,
      (await door.ask('/wp-admin')).status,
    ];
    expect(statuses).toEqual([401, 405, 404, 400, 429]);
  });

  test('health, documents, artifact bytes and open streams cost nothing, and are answered when all is spent', async () => {
    const door = await open(2);
    const id = await door.start('alice');
    await door.work('keyword-fetch', { files: { 'video.mp4': { bytes: 'film', type: 'video/mp4' } } });
    const artifact = `/api/pipelines/${id}/artifacts/video.mp4`;
    const expiresAt = new Date(Date.now() + 60_000);
    const link = await door.options.signer.sign({ method: 'GET', path: artifact, expiresAt });
    const free = [
      '/health',
      '/ready',
      '/docs',
      '/docs/events',
      '/openapi.json',
      '/.well-known/jwks.json',
      '/assets/style.css',
      artifact,
      link,
      `/api/pipelines/${id}/events`,
    ];
    for (let round = 0; round < 3; round++) {
      for (const path of free) {
        const answer = await door.ask(path, path === link ? {} : { as: 'alice' });
        await answer.body?.cancel();
        expect([path, answer.status]).toEqual([path, 200]);
        expect(answer.headers.get('ratelimit-remaining'), path).toBeNull();
      }
    }
    const last = await door.ask(`/api/pipelines/${id}`, { as: 'alice' });
    expect([last.status, last.headers.get('ratelimit-remaining')]).toEqual([200, '0']);
    expect((await door.ask(`/api/pipelines/${id}`, { as: 'alice' })).status).toBe(429);
    expect((await door.ask('/health')).status).toBe(200);
  });

  test('the free routes are these; a new one must be named here', async () => {
    const door = await open(0);
    const free = door.ingress.routes.filter(({ rate }) => rate === 'free').map(({ path }) => path);
    expect(free.sort()).toEqual([
      '/.well-known/jwks.json',
      '/api/pipelines/{id}/artifacts/{name}',
      '/api/pipelines/{id}/artifacts/{part}/{name}',
      '/api/pipelines/{id}/events',
      '/api/v1/stream',
      '/api/v1/uploads/{upload}/bytes',
      '/api/v1/uploads/{upload}/parts/{part}',
      '/assets/{name}',
      '/asyncapi.json',
      '/docs',
      '/docs/events',
      '/health',
      '/media/{picture}/{size}',
      '/openapi.json',
      '/ready',
    ]);
  });

  test('a client cannot choose its address, unless our own proxy says it', async () => {
    const statusesFrom = async (door: FrontDoor, addresses: readonly string[]) => {
      const statuses: number[] = [];
      for (const address of addresses) {
        const answer = await door.ask('/nowhere', { headers: { 'x-forwarded-for': address } });
        statuses.push(answer.status);
      }
      return statuses;
    };
    expect(await statusesFrom(await open(1), ['203.0.113.1', '203.0.113.2'])).toEqual([404, 429]);
    expect(
      await statusesFrom(await open(1, true), [
        '203.0.113.1',
        '203.0.113.2',
        // What the client wrote itself stands to the left of what the proxy saw.
        '198.51.100.9, 203.0.113.2',
        // One customer has at least a /64.
        '2001:db8:0:1::1',
        '2001:db8:0:1:ffff::2',
        '2001:db8:0:2::1',
      ]),
    ).toEqual([404, 404, 429, 404, 429, 404]);
  });
});
