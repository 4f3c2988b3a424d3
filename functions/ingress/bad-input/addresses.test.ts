import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoErrors } from '../testing/expect-no-errors.ts';
import { type FrontDoor, openFrontDoor, problemIn } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('addresses and queries', () => {
  const missing = `/api/pipelines/${randomUUID()}`;
  test.each([
    ['GET', '/api/pipelines?limit=0', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=101', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=ten', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=1&limit=2', 400, 'request-invalid'],
    ['GET', '/api/pipelines?status=done', 400, 'request-invalid'],
    ['GET', '/api/pipelines?label=series', 400, 'request-invalid'],
    ['GET', '/api/pipelines?label=:x', 400, 'request-invalid'],
    ['GET', '/api/pipelines?statuss=failed', 400, 'request-invalid'],
    ['GET', '/api/pipelines?cursor=%00', 400, 'request-invalid'],
    ['GET', "/api/pipelines?cursor=';--", 400, 'request-invalid'],
    ['GET', '/api/pipelines?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ', 400, 'request-invalid'],
    ['GET', missing, 404, 'not-found'],
    ['GET', '/api/pipelines/1', 404, 'not-found'],
    ['GET', "/api/pipelines/'%20or%201=1", 404, 'not-found'],
    ['GET', '/api/pipelines/%00', 404, 'not-found'],
    ['GET', '/api/pipelines/%ff%fe', 404, 'not-found'],
    ['GET', '/api/pipelines/%', 404, 'not-found'],
    ['GET', `${missing}/steps/render-tts`, 404, 'not-found'],
    ['GET', `${missing}/events`, 404, 'not-found'],
    ['GET', `${missing}/artifacts/video.mp4`, 404, 'not-found'],
    ['GET', `${missing}/artifacts/..%2f..%2fetc%2fpasswd`, 404, 'not-found'],
    ['GET', '/api/pipelines/x/artifacts/%00', 404, 'not-found'],
    ['POST', `${missing}/cancel`, 404, 'not-found'],
    ['DELETE', missing, 404, 'not-found'],
    ['GET', '/orchestrator/status/x', 404, 'not-found'],
    ['POST', '/orchestrator/retry/x/render-tts', 404, 'not-found'],
    ['GET', '/api/pipeline', 404, 'route-not-found'],
    ['GET', '/api/pipelines/', 404, 'route-not-found'],
    ['GET', '/assets/..%2flayout.ts', 404, 'not-found'],
    ['PUT', '/api/pipelines', 405, 'method-not-allowed'],
    ['PATCH', missing, 405, 'method-not-allowed'],
    ['DELETE', '/api/pipelines', 405, 'method-not-allowed'],
    ['POST', '/health', 405, 'method-not-allowed'],
    ['PROPFIND', '/health', 405, 'method-not-allowed'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const answer = await door.ask(path, { as: 'alice', method });
    expect(answer.status).toBe(status);
    expect(await problemIn(answer)).toMatchObject({ status, code });
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  test('405 names the methods there are, and OPTIONS does too', async () => {
    const refused = await door.ask('/api/pipelines', { as: 'alice', method: 'PUT' });
    expect(refused.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    const options = await door.ask('/api/pipelines', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
  });
});
