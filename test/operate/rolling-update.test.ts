import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';
import { connect, type Pool } from '#shared/database';
import {
  type RoleEnvironment,
  type RoleProcess,
  runRole,
  startRole,
} from '../../platform/testing/role-process.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

/** A cluster waits for 5 s; what is on its way arrives in less. Shorter than the slow requests, so that some are under way. */
const PRE_STOP_MS = 300;

let database: TestDatabase;
let pool: Pool;
let folder = '';
let token = '';
let environment: RoleEnvironment;
const pods: RoleProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'millrace-rolling-'));
  environment = { DATABASE_URL: database.url, DATA_DIR: folder, RATE_LIMIT: '1000000' };
  pool = connect({ url: database.url, max: 2, applicationName: 'rolling-test' });
  const keys = { keysFolder: join(folder, 'keys'), clock: { now: () => new Date() } };
  token = await createAuth(keys).issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 3_600 });
  await createUrlSigner(keys).sign({ method: 'GET', path: '/', expiresAt: new Date() });
  expect(await runRole('migrate', environment)).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.stop()));
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What stands before the pods, as a Service does: in turn to those that are ready, over connections that stay open. */
async function startProxy(ready: () => readonly RoleProcess[]): Promise<{ url: string; server: Server }> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const list = ready();
    turn += 1;
    const target = new URL(incoming.url ?? '/', list[turn % list.length]?.url);
    const { method, headers } = incoming;
    const onward = request(target, { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(String(error));
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

it('of the interface, one process after another: of a loop of requests none fails, none is done twice', async () => {
  let ready: readonly RoleProcess[] = await Promise.all(
    ['first', 'second'].map(() => startRole('ingress', environment)),
  );
  pods.push(...ready);
  const { url, server } = await startProxy(() => ready);
  const authorization = `Bearer ${token}`;
  const failed: string[] = [];
  let answered = 0;
  let started = 0;
  let isOver = false;

  async function ask(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<boolean> {
    const headers = { authorization, 'content-type': 'application/json' };
    try {
      const answer = await fetch(`${url}${path}`, { ...init, headers, signal: AbortSignal.timeout(30_000) });
      const text = await answer.text();
      if (answer.ok) answered += 1;
      else failed.push(`${init.method ?? 'GET'} ${path}: ${answer.status} ${text.slice(0, 200)}`);
      return answer.ok;
    } catch (error) {
      failed.push(`${init.method ?? 'GET'} ${path}: ${String(error)}`);
      return false;
    }
  }
  async function loop(turn: () => Promise<unknown>): Promise<void> {
    while (!isOver) await turn();
  }
  const read = () => ask('/api/pipelines?limit=5');
  const begin = async (): Promise<void> => {
    const body = JSON.stringify({ topic: 'Why octopuses have three hearts', seconds: 30 });
    if (await ask('/api/pipelines', { method: 'POST', body })) started += 1;
    await sleep(20);
  };
  /** It is half-way through when its process is told to end. */
  const slow = async (): Promise<void> => {
    const words = new TextEncoder().encode(
      JSON.stringify({ topic: 'A body that takes its time', seconds: 30 }),
    );
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(words.slice(0, 10));
        await sleep(700);
        controller.enqueue(words.slice(10));
        controller.close();
      },
    });
    if (await ask('/api/pipelines', { method: 'POST', body, duplex: 'half' })) started += 1;
  };
  const loops = [loop(read), loop(read), loop(begin), loop(slow), loop(slow)];

  const codes: (number | null)[] = [];
  for (let round = 0; round < 4; round += 1) {
    await sleep(400);
    const [old, ...others] = ready;
    if (old === undefined) throw new Error('no process is left');
    const fresh = await startRole('ingress', environment);
    pods.push(fresh);
    expect((await fresh.ask('/ready')).status).toBe(200);
    // A Service takes it off its list; a while later it is told to end (preStop, or queue-proxy), with requests under way.
    ready = [...others, fresh];
    await sleep(PRE_STOP_MS);
    codes.push(await old.stop());
  }
  await sleep(400);
  isOver = true;
  await Promise.all(loops);
  server.close();
  server.closeAllConnections();

  expect(failed).toEqual([]);
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(answered).toBeGreaterThan(20);
  const { rows } = await pool.query<{ runs: number }>('select count(*)::int as runs from ledger.run');
  expect(rows[0]?.runs).toBe(started);
}, 180_000);
