import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect, type Pool, type PoolClient, startEmbeddedPostgres } from '#shared/database';
import { createTestDatabase } from '../../test/database.ts';
import { isConnectionError, orUnreachable } from './unreachable.ts';

describe('a ledger that is away', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ url, drop } = await createTestDatabase());
  });
  afterAll(() => drop());

  function open(options: { url?: string; statementTimeoutMs?: number } = {}): Pool {
    const pool = connect({
      ...{ url, max: 2, applicationName: 'away', connectionTimeoutMs: 1_000 },
      ...options,
    });
    onTestFinished(() => pool.end());
    return pool;
  }

  async function checkedOut(pool: Pool): Promise<PoolClient> {
    const client = await pool.connect();
    onTestFinished(() => client.release(true));
    return client;
  }

  /** Its session has ended and it has heard so, between two queries. */
  async function ended(): Promise<PoolClient> {
    const client = await checkedOut(open());
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const gone = new Promise((resolve) => client.once('end', resolve));
    await open().query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await gone;
    return client;
  }

  /** A server between us and Postgres, of which nothing comes any more once the answer is called. */
  async function silenced(): Promise<{ url: string; silence: () => void }> {
    const address = new URL(url);
    const { port, hostname } = address;
    let isSilent = false;
    const server = createServer((socket) => {
      const upstream = connectTcp(Number(port), hostname);
      socket.on('data', (bytes) => void (isSilent || upstream.write(bytes)));
      upstream.on('data', (bytes) => void (isSilent || socket.write(bytes)));
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const listening = server.address();
    if (listening === null || typeof listening === 'string') throw new Error('no port');
    address.hostname = '127.0.0.1';
    address.port = String(listening.port);
    return {
      url: address.href,
      silence() {
        isSilent = true;
      },
    };
  }

  /** A server of few sessions, all of which are taken. */
  async function crowded(): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), 'millrace-crowded-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const server = await startEmbeddedPostgres({
      dataDir: join(home, 'postgres'),
      log: { info: () => undefined, warn: () => undefined },
      settings: { max_connections: '4', superuser_reserved_connections: '0' },
    });
    onTestFinished(() => server.stop());
    for (let taken = 0; taken < 4; taken += 1) await checkedOut(open({ url: server.url }));
    return server.url;
  }

  it.each<[string, () => Promise<unknown>]>([
    ['refuses connections', () => open({ url: 'postgres://nobody@127.0.0.1:9/none' }).query('select 1')],
    ['has no name any more', () => open({ url: 'postgres://nobody@ledger.invalid/none' }).query('select 1')],
    ['ended the session between two queries', async () => (await ended()).query('select 1')],
    [
      'ends the session in the middle of a query',
      () => open().query('select pg_terminate_backend(pg_backend_pid())'),
    ],
    [
      'says nothing any more',
      async () => {
        const between = await silenced();
        const client = await checkedOut(open({ url: between.url, statementTimeoutMs: 100 }));
        between.silence();
        return client.query('select 1');
      },
    ],
    [
      'says nothing to a new session',
      async () => {
        const between = await silenced();
        between.silence();
        return open({ url: between.url }).query('select 1');
      },
    ],
    ['has no session left', async () => open({ url: await crowded() }).query('select 1')],
    ['has no room left', () => open().query(`do $$ begin raise exception using errcode = '53100'; end $$`)],
  ])(
    'is known by its error when it %s',
    async (_, ask) => {
      const error = await ask().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(Error);
      expect([isConnectionError(error), String(error)]).toEqual([true, String(error)]);
      expect(orUnreachable(error)).toMatchObject({ kind: 'transient', code: 'ledger-unreachable' });
    },
    60_000,
  );

  it.each([
    ['a number divided by nothing', 'select 1 / 0'],
    ['a table that is not there', 'select from nowhere'],
  ])('is not away when it says no: %s', async (_, text) => {
    const error = await open()
      .query(text)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isConnectionError(error)).toBe(false);
  });
});
