import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUrlSigner } from '#shared/auth';
import type { OpenApiDocument } from './pages/docs/document-reader.ts';
import { operationsOf } from './pages/docs/document-reader.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
const document = (await (await door.ask('/openapi.json')).json()) as OpenApiDocument;
const operations = operationsOf(document);
const body = { topic: 'Why octopuses have three hearts' };
let pipeline = '';
let artifact = '';

beforeAll(async () => {
  pipeline = await door.start('owner', body);
  await door.work('keyword-fetch', { files: { 'video.mp4': { bytes: '0123456789', type: 'video/mp4' } } });
  artifact = `/api/pipelines/${pipeline}/artifacts/video.mp4`;
});
afterAll(() => door.close());

const isOpen = ({ operation }: (typeof operations)[number]) => operation.security?.length === 0;

/** The path with things that exist, of `owner`. */
function filled(path: string): string {
  const values: Record<string, string> = {
    id: pipeline,
    step: 'keyword-fetch',
    name: 'video.mp4',
    part: 'scene-001',
  };
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? name);
}

describe('the document knows every route, so that this table leaves none out', () => {
  test('operations', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      [
        'delete /api/pipelines/{id}',
        'get /.well-known/jwks.json',
        'get /api/pipelines',
        'get /api/pipelines/{id}',
        'get /api/pipelines/{id}/artifacts/{name}',
        'get /api/pipelines/{id}/artifacts/{part}/{name}',
        'get /api/pipelines/{id}/events',
        'get /api/pipelines/{id}/steps/{step}',
        'get /health',
        'get /metrics',
        'get /openapi.json',
        'get /orchestrator/status/{id}',
        'get /ready',
        'post /api/pipelines',
        'post /api/pipelines/{id}/cancel',
        'post /orchestrator/retry/{id}/{step}',
        'post /orchestrator/start',
      ].sort(),
    );
    expect(
      operations
        .filter(isOpen)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/.well-known/jwks.json', '/health', '/openapi.json', '/ready']);
  });
});

describe.each(operations.map((entry) => [`${entry.method.toUpperCase()} ${entry.path}`, entry] as const))(
  '%s',
  (_name, entry) => {
    const { method, path, operation } = entry;
    const withBody = operation.requestBody === undefined ? {} : { body };
    const call = (as?: string) =>
      door.ask(filled(path), {
        method: method.toUpperCase(),
        ...withBody,
        ...(as === undefined ? {} : { as }),
      });

    test.skipIf(isOpen(entry))('nobody: 401 with a challenge', async () => {
      const answer = await call();
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="millrace"/);
      expect(await problemIn(answer)).toMatchObject({ status: 401, code: 'token-missing' });
    });

    test.runIf(path.includes('{id}'))('another owner: as if it did not exist', async () => {
      const [stranger, missing] = [
        await call('stranger'),
        await door.ask(filled(path).replace(pipeline, randomUUID()), {
          as: 'stranger',
          method: method.toUpperCase(),
        }),
      ];
      expect([stranger.status, missing.status]).toEqual([404, 404]);
      const [one, two] = [await problemIn(stranger), await problemIn(missing)];
      expect({ ...one, instance: '' }).toEqual({ ...two, instance: '' });
    });

    test('every answer has a status that the document names', async () => {
      for (const as of [undefined, 'stranger', ...(method === 'get' ? ['owner'] : [])]) {
        const answer = await call(as);
        await answer.body?.cancel();
        expect(Object.keys(operation.responses ?? {})).toContain(String(answer.status));
      }
    });
  },
);

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
    const past = await door.options.signer.sign(artifact, { expiresAt: new Date(Date.now() - 1_000) });
    const other = createUrlSigner({
      keysFolder: `${import.meta.dirname}/../../data/no-such`,
      clock: door.options.clock,
    });
    const foreign = await other.sign(artifact, { expiresAt: new Date(Date.now() + 60_000) }).catch(() => '');
    const bad = {
      expired: past,
      'later than signed': `${artifact}?expires=${Number(expires) + 3600}&signature=${signature}`,
      'another path': `${artifact.replace('video.mp4', 'script.json')}${link.search}`,
      'another part': `${artifact.replace('video.mp4', 'scene-001/video.mp4')}${link.search}`,
      'another pipeline': `${artifact.replace(pipeline, randomUUID())}${link.search}`,
      'another signature': `${artifact}?expires=${expires}&signature=${'A'.repeat(43)}`,
      'no expiry': `${artifact}?signature=${signature}`,
      'no signature but an expiry': `${artifact}?expires=${expires}`,
      'two signatures': `${artifact}${link.search}&signature=${signature}`,
      ...(foreign === '' ? {} : { 'another key': foreign }),
    };
    for (const [name, path] of Object.entries(bad)) {
      const answer = await door.ask(path);
      expect([400, 401], name).toContain(answer.status);
      await problemIn(answer);
    }
    // A link to bytes opens nothing else.
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
