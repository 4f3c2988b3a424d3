import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuth } from '#shared/auth';
import { Permanent, Transient } from '#shared/errors';
import { noticeWebhook } from './notice-webhook.ts';

const fixtures = new URL('../shared/notices/fixtures/', import.meta.url);
const clock = { now: () => new Date() };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-webhook-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function post(options: {
  body: string;
  roles?: string[];
  token?: string;
  look?: (key: string) => Promise<void>;
}): Promise<Response> {
  const { body, roles = ['inbox'], look = async () => undefined } = options;
  const auth = createAuth({ keysFolder: folder, clock });
  const token = options.token ?? (await auth.issue({ sub: 'minio', account: 'me', roles, ttlSeconds: 60 }));
  const take = noticeWebhook({ auth, inbox: { look }, bucket: 'inbox' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return await take(new Request('http://adapter/api/v1/inbox/notices', { method: 'POST', headers, body }));
}

const minio = () => readFile(new URL('minio-put.json', fixtures), 'utf8');

describe('notices that a store posts to the adapter', () => {
  it('have each of their objects looked at', async () => {
    const looked: string[] = [];
    const answer = await post({ body: await minio(), look: async (key) => void looked.push(key) });
    expect(answer.status).toBe(204);
    expect(looked).toEqual(['scripts/alice/three hearts.md']);
  });

  it.each([
    ['no token', { token: '' }, 401],
    ['a token of nobody', { token: 'abc' }, 401],
    ['a token without the role', { roles: ['reader'] }, 403],
    ['no JSON', { body: 'look' }, 400],
    ['another format', { body: '{}' }, 400],
    ['arrays in arrays', { body: `${'['.repeat(60)}${']'.repeat(60)}` }, 400],
  ])('with %s are refused', async (_name, more, status) => {
    const body = await minio();
    await expect(post({ body, ...more })).rejects.toMatchObject({ status });
  });

  it('come again when what lies there cannot be asked for now, and not when it never can be', async () => {
    const body = await minio();
    const away = async () => {
      throw new Transient('store-unreachable', 'The store is away.');
    };
    await expect(post({ body, look: away })).rejects.toMatchObject({ kind: 'transient' });
    const never = async () => {
      throw new Permanent('key-invalid', 'The key leads out.');
    };
    await expect(post({ body, look: never })).rejects.toMatchObject({ status: 400, code: 'key-invalid' });
  });
});
