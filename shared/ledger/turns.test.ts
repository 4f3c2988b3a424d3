import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';

const base = testTopology({ speak: [on('pipeline.started')], look: [on('pipeline.started')] });
const light = base.profiles.light;
if (light === undefined) throw new Error('no profile');
const topology = { ...base, profiles: { ...base.profiles, light: { ...light, turns: 'owners' as const } } };

describe('owners', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeEach(async () => {
    fixture = await createLedgerFixture(topology);
    host = await fixture.host();
  });
  afterEach(() => fixture.close());

  const speak = async (limit: number, at = host) =>
    (await fixture.claim(at, { functions: ['speak'], limit })).map(({ owner }) => owner);
  async function queue(owner: string, runs: number): Promise<void> {
    for (let index = 0; index < runs; index += 1) await fixture.start({ owner });
  }

  it('take turns: one with many deliveries does not keep one with few waiting', async () => {
    await queue('alice', 12);
    await queue('bob', 3);
    await queue('carol', 1);
    const served: string[] = [];
    for (let index = 0; index < 16; index += 1) served.push(...(await speak(1)));
    expect(served).toHaveLength(16);
    expect(served.indexOf('carol')).toBeLessThan(3);
    expect(served.lastIndexOf('bob')).toBeLessThan(8);
    expect(served.slice(8)).toEqual(Array(8).fill('alice'));
  });

  it('take turns among all hosts of a lane, also those that have just started', async () => {
    await queue('alice', 6);
    await queue('bob', 6);
    const served: string[] = [];
    for (let index = 0; index < 8; index += 1) served.push(...(await speak(1, await fixture.host())));
    expect(served.filter((owner) => owner === 'bob')).toHaveLength(4);
  });

  it('share a claim of many; what one leaves over goes to the others', async () => {
    await queue('alice', 12);
    await queue('bob', 2);
    const served = await speak(8);
    expect(served.filter((owner) => owner === 'bob')).toHaveLength(2);
    expect(served).toHaveLength(8);
    expect(await speak(8)).toEqual(Array(6).fill('alice'));
  });

  it('with one alone gets all it asks for, in the order of its deliveries', async () => {
    await queue('alice', 5);
    const claims = await fixture.claim(host, { functions: ['speak'], limit: 8 });
    expect(claims).toHaveLength(5);
    const order = claims.map(({ run }) => run);
    expect(order).toEqual([...order].sort());
  });

  it('that wait for another function do not hold up those who have work for this host', async () => {
    for (const owner of ['ann', 'ben', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal']) await queue(owner, 1);
    await fixture.claim(host, { functions: ['speak'] });
    await fixture.start({ owner: 'zoe' });
    expect(await speak(1)).toEqual(['zoe']);
  });

  it('come before nobody when what a lost host left waits; it runs first, alone, then turns go on', async () => {
    await queue('alice', 3);
    await queue('bob', 1);
    const dying = await fixture.host({ home: 'dying' });
    const [taken] = await fixture.claim(dying, { functions: ['speak'], limit: 1 });
    await fixture.housekeeping.takeOver({ silentMs: 30_000, home: 'dying' });
    expect(await speak(4)).toEqual([]);
    const [suspect] = await fixture.claim(host, { functions: ['speak'], limit: 1, suspects: true });
    expect(suspect?.id).toBe(taken?.id);
    const failure = { kind: 'transient', code: 'peer-away', message: 'no' } as const;
    if (suspect === undefined) throw new Error('nothing was left');
    await fixture.work.fail({ claim: suspect, failure, delayMs: 1 });
    await fixture.shiftClock('1 second');
    await fixture.housekeeping.promote();
    const [again] = await fixture.claim(host, { functions: ['speak'], limit: 1, suspects: true });
    expect(again?.id).toBe(taken?.id);
    expect((await speak(8)).sort()).toEqual(['alice', 'alice', 'bob']);
  });

  it('claim at once from many hosts: each delivery once, none forgotten', async () => {
    await Promise.all(['alice', 'bob', 'carol', 'dave'].map((owner) => queue(owner, 25)));
    const hosts = await Promise.all(Array.from({ length: 6 }, () => fixture.host()));
    const seen: string[] = [];
    await Promise.all(
      hosts.map(async (mine) => {
        for (let empty = 0; empty < 3; ) {
          const claims = await fixture.claim(mine, { limit: 3 });
          if (claims.length === 0) empty += 1;
          for (const claim of claims) {
            seen.push(claim.id);
            await fixture.work.commit(commitOf(claim));
          }
        }
      }),
    );
    expect(seen).toHaveLength(200);
    expect(new Set(seen).size).toBe(200);
  });
});

describe('a claim beside 200,000 finished deliveries and one owner’s backlog of 50,000', () => {
  let fixture: LedgerFixture;
  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    await fixture.rows(
      `insert into ledger.run (id, flow, owner, title, state)
       select ledger.new_id(), 'video', 'owner ' || n % 50, 'old', 'completed' from generate_series(1, 20000) n`,
    );
    await fixture.rows(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane, turn, state, open)
       select r.id, r.id, 'speak', 0, r.owner, 'light', r.owner, 'done', false
       from ledger.run r, generate_series(1, 10)`,
    );
    await fixture.rows(
      `with run as (insert into ledger.run (id, flow, owner, title) values (ledger.new_id(), 'video', 'greedy', 'x') returning id)
       insert into ledger.delivery (run, event, function, trigger, owner, lane, turn)
       select id, id, 'speak', 0, 'greedy', 'light', 'greedy' from run, generate_series(1, 50000)`,
    );
    await fixture.rows('vacuum analyze ledger.delivery');
    await fixture.start({ owner: 'small' });
  }, 120_000);
  afterAll(() => fixture.close());

  it('serves the other at once and reads a few pages only, from the index', async () => {
    const host = await fixture.host();
    const { statement } = await import('./statement.ts');
    const client = await fixture.pool.connect();
    try {
      await client.query(`prepare claims as ${statement('claim').text}`);
      await client.query('begin');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, unknown> }] }>(
        `explain (analyze, buffers, format json) execute claims ('${host}', 'light', '{speak,look}', 2, false, 0)`,
      );
      await client.query('rollback');
      const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
      expect(JSON.stringify(plan)).not.toMatch(/"Seq Scan","[^}]*"Relation Name":"delivery"/);
      expect(Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks'])).toBeLessThan(250);
    } finally {
      client.release();
    }
    const first = await fixture.claim(host, { limit: 2 });
    expect(first.map(({ owner }) => owner).sort()).toEqual(['greedy', 'small']);
  });
});
