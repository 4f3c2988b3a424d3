import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, migrate, type Pool, readMigrations, startEmbeddedPostgres } from '#shared/database';
import { ledgerMigrations } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import { freePort } from '../../test/free-port.ts';
import {
  createNotices,
  createRealtime,
  type EndReason,
  type FrameBody,
  type Peer,
  publish,
} from './index.ts';

const log = createLog({ service: 'test', destination: { write: () => undefined } });
const clock = { now: () => new Date() };
const expiresAt = new Date('2100-01-01');

let folder = '';
let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let pool: Pool;
const port = await freePort();
const start = () => startEmbeddedPostgres({ dataDir: folder, log, settings: { fsync: 'off' }, port });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace realtime '));
  postgres = await start();
  pool = connect({ url: postgres.url, max: 4, applicationName: 'realtime-test' });
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

let people = 0;
async function somebody(): Promise<string> {
  people += 1;
  const { rows } = await pool.query<{ id: string }>(
    `insert into people.account (id, email, handle, name, password)
     values (gen_random_uuid(), $1, $1, $1, 'none') returning id`,
    [`person${people}`],
  );
  return rows[0]?.id ?? '';
}

const say = async (to: string, n: number) =>
  publish(
    { query: async (text, values = []) => (await pool.query(text, [...values])).rows },
    { to: [to], type: 'message.sent', data: { n } },
  );

/** A peer that is as slow as it is told to be. */
function peer(size = { waiting: 0 }) {
  const told: FrameBody[] = [];
  const ended = Promise.withResolvers<EndReason>();
  const itself: Peer = {
    get waiting() {
      return size.waiting;
    },
    send: ({ body }) => void told.push(body),
    end: (why) => ended.resolve(why),
  };
  const numbers = () => told.flatMap(({ data }) => ('n' in data ? [data.n] : []));
  return { itself, told, numbers, ended: ended.promise };
}

const settings = { timeout: 30_000, interval: 20 };

describe('a database that is restarted', () => {
  it('ends no connection: what is told afterwards is heard', async () => {
    const realtime = createRealtime({ pool, url: postgres.url, log, clock });
    const alice = await somebody();
    const hers = peer();
    realtime.open(hers.itself, { account: alice, expiresAt });
    await expect.poll(() => hers.told.length, settings).toBe(1);
    await say(alice, 1);
    await expect.poll(hers.numbers, settings).toEqual([1]);
    await postgres.stop();
    const meanwhile = peer();
    realtime.open(meanwhile.itself, { account: alice, expiresAt, after: 0n });
    // Who comes now cannot be told where he is; his client comes again.
    expect(await meanwhile.ended).toBe('unavailable');
    postgres = await start();
    await expect
      .poll(
        () =>
          say(alice, 2).then(
            () => true,
            () => false,
          ),
        settings,
      )
      .toBe(true);
    await expect.poll(hers.numbers, settings).toEqual([1, 2]);
    await realtime.close();
    expect(await hers.ended).toBe('shutting-down');
  }, 120_000);
});

describe('a notice that is lost', () => {
  it('is made good by a look at what people have heard', async () => {
    const realtime = createRealtime({ pool, url: postgres.url, log, clock, repairMs: 300 });
    const alice = await somebody();
    const hers = peer();
    realtime.open(hers.itself, { account: alice, expiresAt });
    await expect.poll(() => hers.told.length, settings).toBe(1);
    // As if it had been told by a process whose notices go nowhere.
    await pool.query(
      `with told as (insert into people.told (type, data) values ('message.sent', '{"n": 7}') returning id),
       hearer as (insert into people.hearer (account, last) values ($1, 1) returning account)
       insert into people.heard select account, 1, id from told, hearer`,
      [alice],
    );
    await expect.poll(hers.numbers, settings).toEqual([7]);
    const session = await pool.query<{ id: string }>(
      `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
       values (gen_random_uuid(), $1, '\\x01', '\\x02', 'test', now(), now(), now() + interval '1 day') returning id`,
      [alice],
    );
    const signedIn = peer();
    realtime.open(signedIn.itself, { account: alice, session: session.rows[0]?.id, expiresAt });
    await expect.poll(() => signedIn.told.length, settings).toBe(1);
    await pool.query('alter table people.session disable trigger all');
    await pool.query('update people.session set revoked_at = now() where id = $1', [session.rows[0]?.id]);
    expect(await signedIn.ended).toBe('session-ended');
    await realtime.close();
  });
});

describe('notices after commits', () => {
  it('name all who were told something, many at once', async () => {
    const notices = createNotices({ pool, log });
    // No look mends what a notice should have told.
    const realtime = createRealtime({ pool, url: postgres.url, log, clock, repairMs: 3_600_000 });
    const group = await Promise.all(Array.from({ length: 250 }, somebody));
    const peers = group.map((account) => {
      const own = peer();
      realtime.open(own.itself, { account, expiresAt });
      return own;
    });
    await expect.poll(() => peers.every(({ told }) => told.length === 1), settings).toBe(true);
    await Promise.all(group.map((account, n) => notices.after(() => say(account, n))));
    await notices.after(async () => {
      await Promise.all(group.map((account) => say(account, 1_000)));
    });
    await expect
      .poll(() => peers.map((one) => one.numbers()), settings)
      .toEqual(group.map((_, n) => [n, 1_000]));
    // What work leaves running tells for itself.
    let later = Promise.resolve();
    await notices.after(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 50)).then(() => say(group[0] ?? '', 2_000));
    });
    await later;
    await expect.poll(() => peers[0]?.numbers().at(-1), settings).toBe(2_000);
    const failed = notices.after(async () => {
      await say(group[1] ?? '', 3_000);
      throw new Error('after all');
    });
    await expect(failed).rejects.toThrow('after all');
    await expect.poll(() => peers[1]?.numbers().at(-1), settings).toBe(3_000);
    await realtime.close();
  });
});

describe('a listener who is slow', () => {
  it('is told what there is room for while he catches up, and ends where too much waits for him', async () => {
    const realtime = createRealtime({ pool, url: postgres.url, log, clock });
    const alice = await somebody();
    for (let n = 1; n <= 450; n += 1) await say(alice, n);
    const size = { waiting: 100_000 };
    const hers = peer(size);
    realtime.open(hers.itself, { account: alice, expiresAt, after: 0n });
    await expect.poll(() => hers.told.length, settings).toBe(1);
    await say(alice, 451);
    expect(hers.numbers()).toEqual([]);
    size.waiting = 0;
    await expect.poll(() => hers.numbers().length, settings).toBe(451);
    expect(hers.numbers()).toEqual(Array.from({ length: 451 }, (_, at) => at + 1));
    size.waiting = 2 ** 20 + 1;
    realtime.tell(alice, { type: 'typing', data: {} });
    expect(await hers.ended).toBe('too-slow');
    expect(realtime.accounts()).toEqual([]);
    await realtime.close();
  });

  it('begins anew where what he missed is not kept any more', async () => {
    const realtime = createRealtime({ pool, url: postgres.url, log, clock });
    const alice = await somebody();
    for (let n = 1; n <= 5; n += 1) await say(alice, n);
    await pool.query('delete from people.heard where account = $1 and position <= 3', [alice]);
    const old = peer();
    realtime.open(old.itself, { account: alice, expiresAt, after: 2n });
    const good = peer();
    realtime.open(good.itself, { account: alice, expiresAt, after: 3n });
    await expect.poll(good.numbers, settings).toEqual([4, 5]);
    await expect
      .poll(() => old.told.map(({ type, cursor }) => `${type} ${cursor}`), settings)
      .toEqual(['hello 2', 'reset 5']);
    await pool.query('delete from people.heard where account = $1', [alice]);
    const older = peer();
    realtime.open(older.itself, { account: alice, expiresAt, after: 3n });
    await expect.poll(() => older.told.map(({ type }) => type), settings).toEqual(['hello', 'reset']);
    await say(alice, 6);
    for (const one of [old, older]) await expect.poll(one.numbers, settings).toEqual([6]);
    await realtime.close();
  });
});

it('a process holds so many, and no more', async () => {
  const realtime = createRealtime({
    ...{ pool, url: postgres.url, log, clock },
    most: { perAccount: 2, perProcess: 3 },
  });
  const [alice, bob] = [await somebody(), await somebody()];
  const leave = realtime.open(peer().itself, { account: alice, expiresAt });
  realtime.open(peer().itself, { account: alice, expiresAt });
  expect(() => realtime.admit(alice)).toThrow(
    expect.objectContaining({ status: 429, code: 'streams-too-many' }),
  );
  realtime.admit(bob);
  realtime.open(peer().itself, { account: bob, expiresAt });
  expect(() => realtime.admit(bob)).toThrow(expect.objectContaining({ status: 503, code: 'process-full' }));
  leave();
  realtime.admit(bob);
  realtime.drain();
  expect(() => realtime.admit(bob)).toThrow(expect.objectContaining({ status: 503, code: 'draining' }));
  await realtime.close();
});
