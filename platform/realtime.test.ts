import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createAuth, createUrlSigner } from '#shared/auth';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { type RoleEnvironment, runRole, startRole } from './testing/role-process.ts';

let database: TestDatabase;
let given: RoleEnvironment;
let token = '';
beforeAll(async () => {
  database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace realtime '));
  given = { DATABASE_URL: database.url, DATA_DIR: dataDir };
  const keysFolder = join(dataDir, 'keys');
  const clock = { now: () => new Date() };
  token = await createAuth({ keysFolder, clock }).issue({
    ...{ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 3_600 },
  });
  await createUrlSigner({ keysFolder, clock }).sign({ method: 'GET', path: '/', expiresAt: clock.now() });
  expect(await runRole('migrate', given)).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await rm(given.DATA_DIR, { recursive: true, force: true });
  await database.drop();
});

it('a part of the platform tells on a WebSocket what began at another, and ends it when it is told to end', async () => {
  const [ingress, streams] = await Promise.all([startRole('ingress', given), startRole('streams', given)]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const socket = new WebSocket(`${streams.url.replace('http', 'ws')}/ws/notifications`, { headers });
  const told: { type: string; data: { run?: string } }[] = [];
  socket.on('message', (data) => told.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await expect.poll(() => told.map(({ type }) => type), { timeout: 30_000 }).toEqual(['hello']);
  const begun = await ingress.ask('/api/pipelines', {
    ...{ method: 'POST', headers, body: JSON.stringify({ topic: 'Why the sea is salt' }) },
  });
  const { id } = (await begun.json()) as { id: string };
  await expect
    .poll(() => told.find(({ data }) => data.run === id)?.type, { timeout: 30_000 })
    .toBe('run.progressed');
  expect(await Promise.all([streams.stop(), closed, ingress.stop()])).toEqual([0, 1012, 0]);
}, 120_000);
