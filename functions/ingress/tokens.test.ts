import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
let pipeline = '';
beforeAll(async () => {
  pipeline = await door.start('owner');
});
afterAll(() => door.close());

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
