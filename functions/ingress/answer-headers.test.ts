import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimit } from '#shared/http';
import { type OpenApiDocument, operationsOf } from './pages/docs/document-reader.ts';
import { filmAt } from './testing/film.ts';
import { openFrontDoor } from './testing/front-door.ts';

const door = await openFrontDoor();
let artifact = '';
beforeAll(async () => {
  ({ artifact } = await filmAt(door));
});
afterAll(() => door.close());

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
  const allowed = preflight.headers.get('access-control-allow-headers');
  expect(allowed).toContain('Authorization');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const actual = await ask('https://studio.example', 'GET');
  const exposed = actual.headers.get('access-control-expose-headers');
  // What the document names, a page of such an origin can send and read; what is safe-listed needs no leave (Fetch, 2.2.2).
  const document = (await (await open.ask('/openapi.json')).json()) as OpenApiDocument;
  const described = operationsOf(document).map(({ operation }) => operation);
  const asked = described.flatMap(({ parameters = [] }) =>
    parameters.flatMap((one) => ('in' in one && one.in === 'header' ? [one.name] : [])),
  );
  expect(asked).toContain('if-match');
  expect(missing(asked, allowed)).toEqual([]);
  const answered = described.flatMap(({ responses = {} }) =>
    Object.values(responses).flatMap(({ headers = {} }) => Object.keys(headers)),
  );
  const limits = Object.keys(await createRateLimit({ perMinute: 1 }).take('10.0.0.1'));
  expect(missing([...answered, ...limits, 'Idempotency-Replayed'], exposed)).toEqual([]);
  expect((await ask('https://evil.example', 'GET')).headers.get('access-control-allow-origin')).toBeNull();
  await open.close();
});

function missing(names: readonly string[], list: string | null): string[] {
  // No page asks for a change of protocol.
  const given = new Set([
    'content-length',
    'content-type',
    'upgrade',
    ...(list ?? '').toLowerCase().split(', '),
  ]);
  return [...new Set(names)].filter((name) => !given.has(name.toLowerCase()));
}
