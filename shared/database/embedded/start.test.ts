import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../connect.ts';
import { isAlive, waitForEnd } from './postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts';

const log = { info: () => undefined, warn: () => undefined };
/** An ordinary user that every Linux has. */
const DAEMON = 1;
const asRoot = process.getuid?.() === 0;

let home: string;
let dataDir: string;

beforeEach(async () => {
  // mkdtemp makes it 0700: as root, Postgres's own user cannot walk through it.
  home = await mkdtemp(join(tmpdir(), 'millrace database '));
  dataDir = join(home, 'with spaces', 'postgres');
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, log, ...options });
  onTestFinished(() => database.stop());
  return database;
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const pool = connect({ url, max: 1, applicationName: 'embedded-test' });
  return pool.query(statement).then(
    ({ rows }) => pool.end().then(() => rows),
    (error) => pool.end().then(() => Promise.reject(error)),
  );
}

interface Platform {
  readonly child: ChildProcess;
  readonly answer: { url: string; pid: number; adopted: boolean; error?: string };
}

async function platform(options: { folder?: string; uid?: number } = {}): Promise<Platform> {
  const script = join(import.meta.dirname, 'fixtures', 'platform.ts');
  const { folder = dataDir, uid } = options;
  const child = spawn(process.execPath, [script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, answer: JSON.parse(String(line)) };
}

async function kill({ child }: Platform): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the embedded database', () => {
  it('is durable, in UTC and UTF-8, and keeps its password to itself', async () => {
    const { url } = await start();
    const [row] = await ask(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits,
              current_setting('TimeZone') AS zone, current_setting('jit') AS jit,
              current_setting('server_encoding') AS encoding, upper('é') AS letter,
              9007199254740993::int8 AS big`,
    );
    expect(row).toEqual({
      fsync: 'on',
      commits: 'on',
      zone: 'UTC',
      jit: 'off',
      encoding: 'UTF8',
      letter: 'É',
      big: 9007199254740993n,
    });
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(dataDir, 'postgres.log'), 'utf8')).includes(new URL(url).password)).toBe(
      false,
    );
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('cannot be reached from other machines', async () => {
    const { url } = await start();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    const there = new URL(url);
    there.hostname = outside ?? '127.0.0.2';
    await expect(ask(there.href, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('keeps its rows and its address from one start to the next', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('refuses a folder on which another platform runs, naming its process', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      kind: 'permanent',
      code: 'data-folder-in-use',
      message: expect.stringContaining(String(process.pid)),
    });
  });

  it('takes over the server of a killed platform, and leaves none when nobody does', async () => {
    const first = await platform();
    await ask(first.answer.url, 'CREATE TABLE kept AS SELECT 1 AS answer');
    await kill(first);
    const second = await platform();
    expect(second.answer).toEqual({ ...first.answer, adopted: true });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await ask(second.answer.url, 'SELECT answer FROM kept')).toEqual([{ answer: 1 }]);
    await kill(second);
    expect(await waitForEnd(second.answer.pid, 15_000)).toBe(true);
    expect(await ask((await start()).url, 'SELECT answer FROM kept')).toEqual([{ answer: 1 }]);
  });

  it('reports its death, and starts again with every committed row', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id');
    const exit = new Promise<{ code: string }>((resolve) => {
      first.onExit(resolve);
    });
    process.kill(first.pid, 'SIGKILL');
    expect((await exit).code).toBe('database-stopped');
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 1000 }]);
  });

  it('makes the cluster anew when the first attempt was interrupted', async () => {
    await mkdir(join(dataDir, 'cluster.new-0badcafe', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'cluster.new-0badcafe', 'PG_VERSION'), '18\n');
    expect(await ask((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.includes('new-'))).toEqual([]);
  });

  it('is not misled by a stale postmaster.pid that names a living stranger', async () => {
    await (await start()).stop();
    const cluster = join(dataDir, 'cluster');
    const { uid, gid } = await stat(cluster);
    const stranger = spawn('sleep', ['60'], asRoot ? { uid, gid } : {});
    onTestFinished(() => void stranger.kill());
    const file = join(cluster, 'postmaster.pid');
    await writeFile(file, `${stranger.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`);
    await chown(file, uid, gid);
    expect(await ask((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('takes another port when its last one is taken, and says so when that one was asked for', async () => {
    const first = await start();
    await first.stop();
    const thief = createServer().listen(first.port, '127.0.0.1');
    await once(thief, 'listening');
    onTestFinished(() => void thief.close());
    await expect(start({ port: first.port })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(String(first.port)),
    });
    const second = await start();
    expect(second.port).not.toBe(first.port);
  });

  it.each([
    ['database-version', 'PG_VERSION', '15\n', /Postgres 15.*Postgres 18/],
    ['data-folder-foreign', 'holiday.jpg', 'not a database', /no database/],
  ])('refuses with %s and touches nothing', async (code, name, content, message) => {
    const file = join(dataDir, 'cluster', name);
    await mkdir(join(dataDir, 'cluster'), { recursive: true });
    await writeFile(file, content);
    await expect(start()).rejects.toMatchObject({
      kind: 'permanent',
      code,
      message: expect.stringMatching(message),
    });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it.runIf(asRoot)('runs as an ordinary user too, who is told when the folder is not theirs', async () => {
    await chmod(home, 0o755);
    const own = join(home, 'own');
    await mkdir(own);
    await chown(own, DAEMON, DAEMON);
    const mine = await platform({ folder: own, uid: DAEMON });
    expect(await ask(mine.answer.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await mkdir(join(home, 'closed'), { mode: 0o700 });
    const theirs = await platform({ folder: join(home, 'closed', 'postgres'), uid: DAEMON });
    expect(theirs.answer.error).toMatch(/cannot be made or opened.*DATA_DIR/);
    await kill(mine);
    expect(await waitForEnd(mine.answer.pid, 15_000)).toBe(true);
  });
});
