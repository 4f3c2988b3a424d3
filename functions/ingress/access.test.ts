import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUrlSigner } from '#shared/auth';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
const { routes } = door.ingress;
const body = { topic: 'Why octopuses have three hearts' };
const film = { 'video.mp4': { bytes: '0123456789', type: 'video/mp4' } };
let pipeline = '';
let artifact = '';
let strangers = '';

beforeAll(async () => {
  pipeline = await door.start('owner', body);
  await door.work('keyword-fetch', {
    files: film,
    events: [{ type: 'pipeline.keywords.fetched', data: {} }],
  });
  await door.work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001'] },
    events: [{ type: 'scene.scripted', key: 'scene-001', data: {} }],
  });
  await door.work('generate-image', {
    files: { 'illustration.png': { bytes: 'picture', type: 'image/png' } },
  });
  artifact = `/api/pipelines/${pipeline}/artifacts/video.mp4`;
  strangers = await door.start('stranger', body);
});
afterAll(() => door.close());

/** The path with things that exist, of `owner`. */
function filled(path: string): string {
  const withPart = path.includes('{part}');
  const values: Record<string, string> = {
    id: pipeline,
    step: 'keyword-fetch',
    name: withPart ? 'illustration.png' : path.startsWith('/assets') ? 'style.css' : 'video.mp4',
    part: 'scene-001',
  };
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? name);
}

const nameOf = ({ method, path }: (typeof routes)[number]) => `${method.toUpperCase()} ${path}`;

describe('who may call is asked of the list that is mounted, so that no route is left out', () => {
  test('these are open to anybody; a new one must be named here', () => {
    expect(
      routes
        .filter(({ access }) => access === 'public')
        .map(nameOf)
        .sort(),
    ).toEqual([
      'GET /.well-known/jwks.json',
      'GET /assets/{name}',
      'GET /asyncapi.json',
      'GET /calendars/feeds/{token}.ics',
      'GET /docs',
      'GET /docs/events',
      'GET /health',
      'GET /notifications/unsubscribe/{token}',
      'GET /openapi.json',
      'GET /ready',
      'GET /reset-password',
      'GET /verify-email',
      'GET /ws/notifications',
      'POST /api/v1/auth/login',
      'POST /api/v1/auth/logout',
      'POST /api/v1/auth/register',
      'POST /auth/login',
      'POST /auth/logout',
      'POST /auth/password/forgot',
      'POST /auth/password/reset',
      'POST /auth/refresh',
      'POST /auth/register',
      'POST /auth/verify-email',
      'POST /notifications/unsubscribe/{token}',
      'POST /sign-in',
      'POST /sign-out',
    ]);
  });

  test('every path with an id needs its owner', () => {
    const withId = routes.filter(({ path }) => path.includes('{id}'));
    expect(withId.length).toBeGreaterThan(8);
    expect(withId.filter(({ access }) => access === 'public' || access === 'visitor')).toEqual([]);
  });

  test('what is not in the document is a page', () => {
    expect(
      routes
        .filter(({ openapi }) => openapi === undefined)
        .map(nameOf)
        .sort(),
    ).toEqual([
      'GET /',
      'GET /assets/{name}',
      'GET /docs',
      'GET /docs/events',
      'GET /news',
      'GET /reset-password',
      'GET /verify-email',
      'POST /sign-in',
      'POST /sign-out',
    ]);
  });
});

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  const { method, path, access, openapi } = route;
  const own = path.endsWith('/replay') ? { from: 'keyword-fetch', dryRun: true } : body;
  const withBody = openapi?.request?.body === undefined ? {} : { body: own };
  const call = (as?: string, headers: Record<string, string> = {}, at = filled(path)) =>
    door.ask(at, {
      method: method.toUpperCase(),
      headers,
      ...withBody,
      ...(as === undefined ? {} : { as }),
    });
  const cookie = async (owner: string) => ({ cookie: `millrace_session=${await door.token(owner)}` });
  const guarded = access === 'token' || access === 'link' || access === 'ticket';

  test('strange ids, queries, cookies and tokens are no error of ours', async () => {
    const strange = '%00%ff..%2f\'"<$(id)>';
    const at = path.replaceAll(/\{\w+\}/g, strange);
    const headers = {
      cookie: 'millrace_session=%00; =;;',
      range: 'bytes=x',
      'last-event-id': 'x'.repeat(500),
    };
    for (const as of [undefined, 'owner']) {
      const answer = await call(as, headers, `${at}?${strange}=${strange}&expires=x&signature=y`);
      await answer.body?.cancel();
      expect(answer.status).toBeLessThan(500);
    }
  });

  if (guarded)
    test('nobody: 401 with a challenge', async () => {
      const answer = await call();
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="millrace"/);
      expect(await problemIn(answer)).toMatchObject({ status: 401, code: 'token-missing' });
    });

  if (guarded && method !== 'get')
    test('a session of the pages may only read', async () => {
      const answer = await call(undefined, await cookie('owner'));
      expect(answer.status).toBe(401);
      expect(await problemIn(answer)).toMatchObject({ code: 'token-missing' });
    });

  // Runs; who may see what people make is told for each path in test/attack/routes.test.ts.
  const isOwned = path.includes('{id}') && /^\/(api|orchestrator|videos)\//.test(path);
  if (isOwned)
    test('another owner: as if it did not exist', async () => {
      const before = await (await door.ask(`/api/pipelines/${pipeline}`, { as: 'owner' })).json();
      const missing = filled(path).replace(pipeline, randomUUID());
      const admin = `Bearer ${await door.token('boss', { roles: ['admin'] })}`;
      const answers = [
        await call('stranger', {}, missing),
        await call('stranger'),
        await call(undefined, { authorization: admin }),
        ...(method === 'get' ? [await call(undefined, await cookie('stranger'))] : []),
      ];
      const problems = await Promise.all(answers.map(problemIn));
      for (const problem of problems) {
        expect(problem).toMatchObject({ status: 404, code: 'not-found' });
        expect({ ...problem, instance: '' }).toEqual({ ...problems[0], instance: '' });
      }
      // Nothing of the owner's was touched by any of it.
      expect(await (await door.ask(`/api/pipelines/${pipeline}`, { as: 'owner' })).json()).toEqual(before);
    });

  if (isOwned && method === 'get')
    test('its owner: an answer', async () => {
      for (const answer of [await call('owner'), await call(undefined, await cookie('owner'))]) {
        await answer.body?.cancel();
        expect(answer.status).toBe(200);
      }
    });

  if (access === 'visitor')
    test('nobody, or a bad session: the way to sign in', async () => {
      for (const headers of [{}, { cookie: 'millrace_session=nonsense' }]) {
        const text = await (await call(undefined, headers as Record<string, string>)).text();
        expect(text).toContain('action="/sign-in"');
        expect(text).not.toContain(body.topic);
      }
      expect(await (await call(undefined, await cookie('stranger'))).text()).not.toContain(pipeline);
      const own = await (await call(undefined, await cookie('owner'))).text();
      expect(own).toContain(path === '/' ? pipeline : 'You have read all of them.');
    });

  if (openapi !== undefined)
    test('every answer has a status that the document names', async () => {
      for (const as of [undefined, 'stranger', ...(method === 'get' ? ['owner'] : [])]) {
        const answer = await call(as);
        await answer.body?.cancel();
        expect(Object.keys(openapi?.responses ?? {})).toContain(String(answer.status));
      }
    });
});

describe('tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('forged, expired and mangled ones are 401 and say why', async () => {
    const good = await door.token('owner');
    const [head = '', claims = '', signature = ''] = good.split('.');
    const { kid } = decodeProtectedHeader(good);
    const { privateKey } = generateKeyPairSync('ed25519');
    const signed = `${head}.${claims}`;
    const forged = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    const { keys } = await door.options.auth.jwks();
    const symmetric = `${part({ alg: 'HS256', kid })}.${claims}`;
    const confused = `${symmetric}.${createHmac('sha256', keys[0]?.x ?? '')
      .update(symmetric)
      .digest('base64url')}`;
    const wrong: Record<string, string> = {
      'Bearer nonsense': 'Bearer nonsense',
      'no scheme': good,
      'another scheme': `Basic ${good}`,
      'two tokens': `Bearer ${good} ${good}`,
      'nothing after Bearer': 'Bearer ',
      'alg none': `Bearer ${part({ alg: 'none', kid })}.${claims}.`,
      'alg HS256': `Bearer ${confused}`,
      'another key': `Bearer ${forged}`,
      'another account': `Bearer ${head}.${part({ account: 'owner', sub: 'owner', exp: 9e9 })}.${signature}`,
      endless: `Bearer ${'a'.repeat(5_000)}`,
    };
    for (const [name, authorization] of Object.entries(wrong)) {
      const answer = await door.ask(`/api/pipelines/${pipeline}`, { headers: { authorization } });
      expect(answer.status, name).toBe(401);
      expect(answer.headers.get('www-authenticate'), name).toContain('error="invalid_token"');
      expect((await problemIn(answer)).code, name).toBe('token-invalid');
    }
  });

  test('an expired one says so', async () => {
    const short = await door.token('owner', { ttlSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const answer = await door.ask('/api/pipelines', { headers: { authorization: `Bearer ${short}` } });
    expect(await problemIn(answer)).toMatchObject({ status: 401, code: 'token-expired' });
  });

  test('the role admin opens metrics and nobody else’s pipelines', async () => {
    const token = await door.token('boss', { roles: ['admin'] });
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await door.ask('/metrics', { headers });
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toMatch(
      /millrace_http_requests_total\{.*route="\/api\/pipelines\/\{id\}".*status="401".*\} \d+/,
    );
    expect((await door.ask('/metrics', { as: 'owner' })).status).toBe(403);
    expect((await door.ask(`/api/pipelines/${pipeline}`, { headers })).status).toBe(404);
  });
});

describe('signed links', () => {
  test('open one path without a token, unaltered, until they expire', async () => {
    const read = await door.ask(`/api/pipelines/${pipeline}`, { as: 'owner' });
    const { artifacts } = (await read.json()) as { artifacts: { signedHref: string; href: string }[] };
    const [{ signedHref, href } = { signedHref: '', href: '' }] = artifacts;
    expect(href).toBe(artifact);
    const good = await door.ask(signedHref);
    expect([good.status, await good.text()]).toEqual([200, '0123456789']);
    expect((await door.ask(`${signedHref}&download=1`)).headers.get('content-disposition')).toMatch(
      /^attachment/,
    );

    const link = new URL(signedHref, door.url);
    const [expires, signature] = [
      link.searchParams.get('expires') ?? '',
      link.searchParams.get('signature') ?? '',
    ];
    const soon = new Date(Date.now() + 60_000);
    const signed = (path: string, expiresAt = soon) =>
      door.options.signer.sign({ method: 'GET', path, expiresAt });
    const keysFolder = await mkdtemp(join(tmpdir(), 'millrace other keys '));
    const other = createUrlSigner({ keysFolder, clock: door.options.clock });
    const foreign = await other.sign({ method: 'GET', path: artifact, expiresAt: soon });
    await rm(keysFolder, { recursive: true });
    const bad = {
      expired: await signed(artifact, new Date(Date.now() - 1_000)),
      'later than signed': `${artifact}?expires=${Number(expires) + 3600}&signature=${signature}`,
      'another path': `${artifact.replace('video.mp4', 'script.json')}${link.search}`,
      'another part': `${artifact.replace('video.mp4', 'scene-001/video.mp4')}${link.search}`,
      'another owner’s pipeline': `${artifact.replace(pipeline, strangers)}${link.search}`,
      'another signature': `${artifact}?expires=${expires}&signature=${'A'.repeat(43)}`,
      'no expiry': `${artifact}?signature=${signature}`,
      'no signature but an expiry': `${artifact}?expires=${expires}`,
      'two signatures': `${artifact}${link.search}&signature=${signature}`,
      'another key': foreign,
      'for an upload': await door.options.signer.sign({ method: 'PUT', path: artifact, expiresAt: soon }),
    };
    for (const [name, path] of Object.entries(bad)) {
      // A bad link is not healed by the token of somebody else, nor by a good one.
      for (const as of [undefined, 'stranger']) {
        const answer = await door.ask(path, as === undefined ? {} : { as });
        const wanted = as === 'stranger' && name === 'no signature but an expiry' ? 404 : 401;
        expect(answer.status, name).toBe(wanted);
        await problemIn(answer);
      }
    }
    // What is signed but is not there is not there; what was removed is gone for its links too.
    expect((await door.ask(await signed(artifact.replace('video.mp4', 'none.mp4')))).status).toBe(404);
    expect((await door.ask(await signed(artifact.replace(pipeline, randomUUID())))).status).toBe(404);
    // A link to bytes opens nothing else, and only for reading.
    expect((await door.ask(signedHref, { method: 'DELETE' })).status).toBe(405);
    expect((await door.ask(`/api/pipelines/${pipeline}${link.search}`)).status).toBe(401);
  });
});

describe('what every answer carries', () => {
  test('headers that keep browsers from guessing, framing and telling', async () => {
    for (const path of [
      '/health',
      '/api/pipelines',
      '/nowhere',
      '/',
      '/docs',
      '/assets/style.css',
      artifact,
    ]) {
      const answer = await door.ask(path, { as: 'owner' });
      await answer.body?.cancel();
      const { headers } = answer;
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('content-security-policy'), path).not.toMatch(/script-src[^;]*unsafe|https?:/);
      expect(headers.get('x-request-id'), path).toMatch(/^[\w-]{36}$/);
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
    expect((await door.ask(artifact, { as: 'owner' })).headers.get('content-security-policy')).toContain(
      'sandbox',
    );
  });

  test('a request id that is no plain word is replaced', async () => {
    const answer = await door.ask('/health', { headers: { 'x-request-id': '<script>' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('secrets are in no log line', async () => {
    const token = await door.token('owner');
    await door.ask('/', { headers: { cookie: `millrace_session=${token}` } });
    await door.ask(`/?token=${token}`);
    const [, , signature = token] = token.split('.');
    expect(door.lines.join('')).not.toContain(signature);
  });
});

test('CORS speaks only to origins on the list', async () => {
  const open = await openFrontDoor({ allowedOrigins: ['https://studio.example'] });
  const ask = (origin: string, method: string) =>
    open.ask('/api/pipelines', {
      method,
      headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {}) },
    });
  const preflight = await ask('https://studio.example', 'OPTIONS');
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://studio.example');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const actual = await ask('https://studio.example', 'GET');
  expect(actual.headers.get('access-control-expose-headers')).toContain('Location');
  expect((await ask('https://evil.example', 'GET')).headers.get('access-control-allow-origin')).toBeNull();
  await open.close();
});
