import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ inboxBucket: 'inbox' });
});
afterAll(() => door.close());

const PATH = '/api/v1/inbox/notices';
const fixtures = new URL('../../../shared/notices/fixtures/', import.meta.url);

async function post(body: object | string, roles: string[] = ['inbox']): Promise<Response> {
  const token = await door.token('minio', { roles });
  return await door.ask(PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('notices that a store posts', () => {
  it('start what lies there, once, though they come twice', async () => {
    await mkdir(join(door.inboxFolder, 'scripts/alice'), { recursive: true });
    await writeFile(join(door.inboxFolder, 'scripts/alice/three hearts.md'), '# Hearts\n\nThree of them.\n');
    const body = await readFile(new URL('minio-put.json', fixtures), 'utf8');
    expect((await post(body)).status).toBe(204);
    expect((await post(body)).status).toBe(204);
    const { runs } = await door.fixture.ledger.listRuns({ owner: 'alice', limit: 5 });
    expect(runs.map(({ title }) => title)).toEqual(['three hearts']);
  });

  it('of what is not there, and of the set-up, change nothing', async () => {
    expect((await post(await readFile(new URL('aws-put.json', fixtures), 'utf8'))).status).toBe(204);
    expect((await post(await readFile(new URL('aws-test-event.json', fixtures), 'utf8'))).status).toBe(204);
  });

  it.each([
    ['an empty object', {}, 'notice-unreadable'],
    ['another bucket', record('bank', 'a.md'), 'notice-of-another-bucket'],
    ['a key that leads out', record('inbox', '..%2Fsecret.md'), 'key-invalid'],
  ])('that are %s are refused', async (_name, body, code) => {
    const answer = await post(body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code]);
  });

  it('need a token of the role inbox', async () => {
    expect((await door.ask(PATH, { method: 'POST', body: {} })).status).toBe(401);
    expect((await post({}, [])).status).toBe(403);
  });
});

function record(bucket: string, key: string): object {
  return {
    Records: [{ eventName: 's3:ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key } } }],
  };
}
