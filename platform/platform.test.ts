import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';
import { connect, type Pool } from '#shared/database';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { roleNames } from './role-names.ts';
import { type RoleEnvironment, type RoleProcess, runRole, startRole } from './testing/role-process.ts';

// Each starts processes, one after the other.
vi.setConfig({ testTimeout: 180_000 });

let database: TestDatabase;
let pool: Pool;
let dataDir = '';
let token = '';
let given: RoleEnvironment & { DATABASE_URL: string };
const running: RoleProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-platform-'));
  given = { DATABASE_URL: database.url, DATA_DIR: dataDir };
  pool = connect({ url: database.url, max: 2, applicationName: 'platform-test' });
  const keysFolder = join(dataDir, 'keys');
  const clock = { now: () => new Date() };
  const auth = createAuth({ keysFolder, clock });
  token = await auth.issue({ sub: 'ann', account: 'ann', roles: ['admin'], ttlSeconds: 3_600 });
  await createUrlSigner({ keysFolder, clock }).sign({ method: 'GET', path: '/', expiresAt: new Date() });
  const migrated = await runRole('migrate', given);
  expect(migrated).toMatchObject({ code: 0 });
}, 120_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((role) => role.stop()));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(role: string, more: Record<string, string> = {}): Promise<RoleProcess> {
  const process = await startRole(role, { ...given, ...more });
  running.push(process);
  return process;
}

async function until<Value>(look: () => Promise<Value | undefined>, what: string): Promise<Value> {
  for (let tries = 0; tries < 1_200; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`it never happened: ${what}`);
}

/** Answers its id. */
async function startPipeline(role: RoleProcess): Promise<string> {
  const started = await role.ask('/api/pipelines', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ topic: 'Why octopuses have three hearts' }),
  });
  expect(started.status).toBe(202);
  return ((await started.json()) as { id: string }).id;
}

const statusOf = async (role: RoleProcess, path: string) => (await role.ask(path)).status;

describe('migrations', () => {
  it('of an older version leave a ledger alone that a newer one has used: to go back is to go on', async () => {
    await pool.query(`insert into millrace_migration (name, checksum) values ('9999-later', 'x')`);
    await pool.query(
      `insert into ledger.function (name, area, profile, lane, run_as, max_attempts, timeout_ms)
       select 'later-function', area, profile, lane, run_as, 1, 1000 from ledger.function limit 1`,
    );
    try {
      const { code, log } = await runRole('migrate', given);
      expect(code).toBe(0);
      expect(log.map(({ message }) => message)).toContain(
        'the ledger is of a newer version, and stays as it is',
      );
      const later = await pool.query(`select active from ledger.function where name = 'later-function'`);
      expect(later.rows).toEqual([{ active: true }]);
    } finally {
      await pool.query(`delete from millrace_migration where name = '9999-later'`);
      await pool.query(`delete from ledger.function where name = 'later-function'`);
    }
  });

  it('are done once and may be done again, by several at once', async () => {
    const again = await Promise.all([runRole('migrate', given), runRole('migrate', given)]);
    expect(again.map(({ code }) => code)).toEqual([0, 0]);
    const { rows } = await pool.query<{ name: string }>('select name from ledger.function order by name');
    expect(rows.map(({ name }) => name)).toContain('render-scene');
  });

  it('fail with a word where there is no database', async () => {
    const { code, said } = await runRole('migrate', {
      ...given,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    });
    expect(code).toBe(1);
    expect(said).toContain('ECONNREFUSED');
  });
});

describe.each(['ingress', 'streams', 'scheduler', 'adapter'])('%s', (role) => {
  it('is alive, ready, tells of itself, and drains when it is told to end', async () => {
    const process = await start(role);
    expect(await statusOf(process, '/health')).toBe(200);
    expect(await statusOf(process, '/ready')).toBe(200);
    const metrics = await process.ask('/metrics', { headers: { authorization: `Bearer ${token}` } });
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
    expect(await process.stop()).toBe(0);
    expect(process.log.map(({ message }) => message)).toContain('stopping');
  });

  it('lives while the ledger is away, is not ready, and says why', async () => {
    const process = await start(role, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(await statusOf(process, '/health')).toBe(200);
    const ready = await process.ask('/ready');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toMatch(/cannot be reached/);
    expect(await process.stop()).toBe(0);
  });
});

describe('ingress', () => {
  it('takes a request that another process works on', async () => {
    const ingress = await start('ingress');
    await startPipeline(ingress);
    const { rows } = await pool.query<{ state: string }>(
      `select state from ledger.delivery where function = 'keyword-fetch'`,
    );
    expect(rows.map(({ state }) => state)).toContain('due');
  });

  it('answers what is under way when it is told to end, and ends open streams', async () => {
    const streams = await start('streams');
    const authorization = `Bearer ${token}`;
    const path = `/api/pipelines/${await startPipeline(streams)}/events`;
    const stream = await streams.ask(path, { headers: { authorization } });
    expect(stream.status).toBe(200);
    const read = stream.text();
    const body = JSON.stringify({ topic: 'Why octopuses have nine brains' });
    const upload = request(`${streams.url}/api/pipelines`, {
      method: 'POST',
      headers: {
        ...{ authorization, 'content-type': 'application/json', expect: '100-continue' },
        'content-length': body.length,
      },
    });
    // The server has it in hand when it says that the body may come.
    await once(upload, 'continue');
    const stopped = streams.stop();
    expect(await read).toContain('event: snapshot');
    upload.end(body);
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(202);
    answer.resume();
    expect(await stopped).toBe(0);
  });

  it('needs the keys that others have, and makes none of its own', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'millrace-no-keys-'));
    const { code, said } = await runRole('ingress', { ...given, DATA_DIR: bare });
    expect(code).toBe(1);
    expect(said).toContain(`The key ${join(bare, 'keys', 'token-key.json')} is not there`);
    expect(await readdir(bare)).toEqual([]);
    await rm(bare, { recursive: true });
  });
});

describe('schedulers', () => {
  const elected = async (role: RoleProcess) =>
    (await (await role.ask('/metrics')).text()).includes('millrace_scheduler_elected{service="scheduler"} 1');

  it('elect one; another takes over when it is killed, and when it is stopped, who then lets go', async () => {
    const all = await Promise.all([start('scheduler'), start('scheduler')]);
    const lead = await until(async () => {
      const lead: RoleProcess[] = [];
      for (const one of all) if (await elected(one)) lead.push(one);
      return lead.length === 0 ? undefined : lead;
    }, 'nobody was elected');
    expect(lead).toHaveLength(1);
    const [first] = lead;
    const second = all.find((one) => one !== first);
    if (first === undefined || second === undefined) throw new Error('there are two');

    first.child.kill('SIGSTOP');
    await until(async () => ((await elected(second)) ? true : undefined), 'the other took over');
    first.child.kill('SIGCONT');
    await until(async () => ((await elected(first)) ? undefined : true), 'the first let go');
    expect(await elected(second)).toBe(true);

    second.child.kill('SIGKILL');
    await until(async () => ((await elected(first)) ? true : undefined), 'the first was elected again');
    expect(await first.stop()).toBe(0);
    const third = await start('scheduler');
    const before = performance.now();
    await until(async () => ((await elected(third)) ? true : undefined), 'the third was elected');
    // Who leaves in order lets the next one begin at once: nobody waits for the end of its term.
    expect(performance.now() - before).toBeLessThan(9_000);
  });

  it('do what time does', async () => {
    await startPipeline(await start('ingress'));
    await pool.query(
      `update ledger.delivery set state = 'later', later_at = ledger.ledger_now() where function = 'keyword-fetch'`,
    );
    await start('scheduler');
    await until(async () => {
      const { rows } = await pool.query<{ state: string }>(
        `select state from ledger.delivery where function = 'keyword-fetch'`,
      );
      return rows[0]?.state === 'due' ? true : undefined;
    }, 'it was promoted');
  });

  it('tell of the ledger, each of them', async () => {
    const scheduler = await start('scheduler');
    const text = await (await scheduler.ask('/metrics')).text();
    expect(text).toContain('millrace_ledger_up{service="scheduler"} 1');
    expect(text).toContain('millrace_ledger_dead{function="keyword-fetch",service="scheduler"} 0');
  });
});

describe('what is kept, and who is signed in', () => {
  it('is told by the scheduler: bytes by function, once however many runs name them; devices', async () => {
    const made = await pool.query<{ id: string }>(
      `insert into ledger.run (id, flow, owner, title) select ledger.new_id(), 'video', 'ann', 'kept'
       from generate_series(1, 2) returning id`,
    );
    const [first, second] = made.rows.map(({ id }) => id);
    await pool.query(
      `insert into ledger.artifact (run, delivery, name, function, object_key, type, bytes, sha256) values
         ($1::uuid, ledger.new_id(), 'a.wav', 'render-tts', 'runs/' || $1::uuid || '/a.wav', 'audio/wav', 1000, 'a'),
         ($1::uuid, ledger.new_id(), 'b.wav', 'render-tts', 'runs/' || $1::uuid || '/b.wav', 'audio/wav', 500, 'b'),
         ($2::uuid, ledger.new_id(), 'a.wav', 'render-tts', 'runs/' || $1::uuid || '/a.wav', 'audio/wav', 1000, 'a')`,
      [first, second],
    );
    const account = await pool.query<{ id: string }>(
      `insert into people.account (id, email, handle, name, password)
       values (ledger.new_id(), 'kept@example.com', 'kept', 'Kept', 'x') returning id`,
    );
    await pool.query(
      `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at, revoked_at, revoked_for)
       select ledger.new_id(), $1, decode(lpad(n::text, 8, '0'), 'hex'), '', 'test', now(), now(),
         now() + case when n = 2 then interval '-1 second' else interval '1 day' end,
         case when n = 3 then now() end, case when n = 3 then 'logout' end
       from generate_series(1, 4) n`,
      [account.rows[0]?.id],
    );
    const scheduler = await start('scheduler');
    const text = await (await scheduler.ask('/metrics')).text();
    expect(text).toContain('millrace_storage_usage_bytes{function="render-tts",service="scheduler"} 1500');
    expect(text).toContain('millrace_storage_usage_bytes{function="mux-video",service="scheduler"} 0');
    expect(text).toContain('millrace_user_sessions_active{kind="people",service="scheduler"} 2');
  });
});

describe('dead letters of the Broker', () => {
  const letter = (more: Record<string, string>) => ({
    method: 'POST',
    headers: {
      'ce-id': 'a.1',
      'ce-source': 'urn:millrace',
      'ce-type': 'millrace.wake-up',
      'ce-specversion': '1.0',
      ...more,
    },
  });

  it('are counted by function and last answer, and nothing else', async () => {
    const scheduler = await start('scheduler');
    for (const more of [
      { 'ce-function': 'render-tts', 'ce-knativeerrorcode': '503' },
      { 'ce-function': 'render-tts', 'ce-knativeerrorcode': '503' },
      { 'ce-function': 'render-tts' },
      { 'ce-function': 'x'.repeat(900), 'ce-knativeerrorcode': '99999' },
      { 'ce-id': 'a'.repeat(2_000), 'ce-function': 'mux-video', 'ce-knativeerrorcode': '500' },
      { 'ce-function': 'mux-video', 'ce-knativeerrorcode': '500', 'ce-knativeerrordata': 'YQ'.repeat(512) },
    ]) {
      const answer = await scheduler.ask('/dead-letters', letter(more));
      expect([answer.status, await answer.text()]).toEqual([202, '']);
    }
    const text = await (await scheduler.ask('/metrics')).text();
    expect(text.split('\n').filter((line) => line.startsWith('millrace_dead_letters_total'))).toEqual([
      'millrace_dead_letters_total{function="render-tts",reason="503",service="scheduler"} 2',
      'millrace_dead_letters_total{function="render-tts",reason="no answer",service="scheduler"} 1',
      'millrace_dead_letters_total{function="other",reason="no answer",service="scheduler"} 1',
      'millrace_dead_letters_total{function="mux-video",reason="500",service="scheduler"} 2',
    ]);
  });

  it('that are no event, too large or asked for are refused in few words', async () => {
    const scheduler = await start('scheduler');
    for (const [init, status] of [
      [{ method: 'POST', body: 'look' }, 400],
      [{ method: 'POST', body: 'x'.repeat(1_100_000) }, 413],
      [{ method: 'DELETE' }, 404],
    ] as const) {
      const answer = await scheduler.ask('/dead-letters', init);
      expect(answer.status).toBe(status);
      expect((await answer.text()).length).toBeLessThan(768);
    }
  });
});

describe('bad configuration', () => {
  it.each([
    ['no database', { DATABASE_URL: '' }, 'DATABASE_URL is not set'],
    ['no Broker', { TRANSPORT: 'broker' }, 'BROKER_URL is not set'],
    ['a Broker that is no URL', { TRANSPORT: 'broker', BROKER_URL: 'broker' }, 'BROKER_URL="broker"'],
    ['a Broker with a password', { BROKER_URL: 'http://me:word@broker' }, 'BROKER_URL="http://…@broker"'],
    ['another transport', { TRANSPORT: 'pigeon' }, 'postgres, sqs or broker'],
    ['a port that is none', { PORT: 'http' }, 'PORT="http"'],
  ])('%s is said, and nothing begins', async (_name, more, words) => {
    const { code, said } = await runRole('scheduler', { ...given, ...more });
    expect(code).toBe(1);
    expect(said).toContain(words);
    expect(said).not.toContain('word@');
  });

  it.each([
    ['schedular', 'did you mean "scheduler"?'],
    ['', roleNames.join(', ')],
    ['__proto__', roleNames.join(', ')],
  ])('"%s" is no part of the platform', async (role, words) => {
    const { code, said } = await runRole(role, given);
    expect(code).toBe(1);
    expect(said).toContain(words);
  });
});
