import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILM_BODY as body, filmAt } from './testing/film.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
const { routes } = door.ingress;
let pipeline = '';

beforeAll(async () => {
  ({ pipeline } = await filmAt(door));
  await door.start('stranger', body);
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
