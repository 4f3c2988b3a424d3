import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import { ClaimBound } from './claim-bound.ts';
import type { Claim } from './model.ts';
import { createPassed } from './passed.ts';
import { statement } from './statement.ts';

describe('the lower bound of claims', () => {
  /** What a statement saw: transactions below `xmin` had ended. */
  const seen = (xmin: number, xmax = xmin) => ({ xmin: BigInt(xmin), xmax: BigInt(xmax) });

  it('is what was claimed once all transactions of the time have ended', () => {
    const bound = new ClaimBound();
    expect(bound.at(0)).toBe(0n);
    bound.claimed(10n, seen(5, 8), 0);
    expect(bound.at(1)).toBe(0n);
    bound.claimed(20n, seen(7, 9), 1);
    expect(bound.at(2)).toBe(0n);
    bound.claimed(30n, seen(8, 9), 2);
    expect(bound.at(3)).toBe(11n);
    bound.claimed(40n, seen(9), 3);
    expect(bound.at(4)).toBe(41n);
  });

  it('waits two seconds for a transaction that stays open, and no longer', () => {
    const bound = new ClaimBound();
    bound.claimed(10n, seen(5, 8), 0);
    bound.claimed(20n, seen(5, 9), 1_000);
    expect(bound.at(1_999)).toBe(0n);
    expect(bound.at(2_000)).toBe(11n);
    expect(bound.at(3_000)).toBe(21n);
  });

  it('comes back to a smaller seq that was claimed after a greater one', () => {
    const bound = new ClaimBound();
    bound.claimed(30n, seen(5, 8), 0);
    bound.claimed(25n, seen(5, 9), 100);
    bound.claimed(40n, seen(9, 10), 200);
    expect(bound.at(300)).toBe(26n);
  });

  it('follows others’ claims: what was given out before nothing was left, twice, is theirs', () => {
    const bound = new ClaimBound();
    bound.claimed(10n, seen(5), 0);
    bound.foundNothing(1_000n, seen(6), 1);
    expect(bound.at(2)).toBe(11n);
    bound.foundNothing(2_000n, seen(6, 9), 2);
    expect(bound.at(3)).toBe(11n);
    bound.foundNothing(3_000n, seen(9), 3);
    expect(bound.at(4)).toBe(2_000n);
  });
});

describe('a claim from the lower bound', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeEach(async () => {
    fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
    host = await fixture.host();
  });
  afterEach(() => fixture.close());

  /** Moves the bound of the host beyond all that exists. */
  async function claimAndFinish(count = 1): Promise<void> {
    for (let index = 0; index < count; index += 1) await fixture.start();
    for (const claim of await fixture.claim(host)) await fixture.work.commit(commitOf(claim));
  }

  /** Publishes in a transaction that took its seqs before others did, and commits so long after these were claimed. */
  async function late(count: number, afterMs = 2_100): Promise<string[]> {
    const client = await fixture.pool.connect();
    const runs: string[] = [];
    try {
      await client.query('begin');
      for (let index = 0; index < count; index += 1) {
        const { rows } = await client.query<{ run: string }>(
          `with run as (insert into ledger.run (id, flow, owner, title) values (ledger.new_id(), 'video', 'late', 'x') returning id)
           insert into ledger.delivery (run, event, function, trigger, owner, lane)
           select id, id, 'speak', 0, 'late', 'light' from run returning run`,
        );
        runs.push(rows[0]?.run ?? '');
      }
      await claimAndFinish(3);
      await sleep(afterMs);
      await client.query('commit');
    } finally {
      client.release();
    }
    return runs;
  }

  it('sees what commits later with a smaller seq, at once', async () => {
    const hidden = await late(3, 100);
    await fixture.start();
    expect((await fixture.claim(host)).map(({ run }) => run).slice(0, 3)).toEqual(hidden);
  });

  it('does not see what commits seconds later with a smaller seq; the scheduler finds it and it goes first, in its order', async () => {
    const hidden = await late(3);
    await fixture.start();
    const passed = createPassed({ pool: fixture.pool });
    expect(await passed.look(0)).toEqual(['light']);
    await passed.look(4_999);
    const [after] = await fixture.claim(host, { limit: 1 });
    expect(hidden).not.toContain(after?.run);
    await fixture.start();
    expect(await fixture.claim(host, { limit: 1 })).toHaveLength(1);
    expect(await fixture.claim(host)).toEqual([]);
    await passed.look(5_000);
    await fixture.start();
    const claims = await fixture.claim(host);
    expect(claims.map(({ run }) => run).slice(0, 3)).toEqual(hidden);
    expect(claims).toHaveLength(4);
    for (const claim of claims) expect(await fixture.work.commit(commitOf(claim))).toBe('committed');
    for (const run of hidden) expect(await fixture.ledger.getRun(run)).toMatchObject({ state: 'completed' });
  });

  it('begins anew once a session ended: its server may have forgotten a claim that it had not written', async () => {
    await fixture.start();
    const claim = await fixture.claimOne(host);
    await claimAndFinish(3);
    // As a crash leaves it: the claim never was.
    const forget = () =>
      fixture.rows(`update ledger.delivery set state = 'due', host = null, fence = fence - 1 where id = $1`, [
        claim.id,
      ]);
    // While another transaction is under way (the server's own analyze), a claim still begins below it.
    const claimed = async () => {
      await forget();
      return fixture.claim(host);
    };
    await expect.poll(claimed).toEqual([]);
    const [server, idle] = await Promise.all([fixture.pool.connect(), fixture.pool.connect()]);
    idle.release();
    await server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    server.release();
    // The pool tells of the end of a session once it has let go of it.
    await expect.poll(() => fixture.claim(host)).toMatchObject([{ id: claim.id }]);
  });

  it('leaves the order of a backlog that nobody reaches as it is, however often the scheduler looks', async () => {
    const runs: string[] = [];
    for (let index = 0; index < 5; index += 1) runs.push(await fixture.start());
    const passed = createPassed({ pool: fixture.pool });
    for (const now of [0, 6_000, 12_000, 18_000]) await passed.look(now);
    expect((await fixture.claim(host)).map(({ run }) => run)).toEqual(runs);
  });

  it('is not stopped by what was passed over when a lost host’s work must run alone first', async () => {
    const hidden = await late(1);
    const passed = createPassed({ pool: fixture.pool });
    for (const now of [0, 5_000]) await passed.look(now);
    const dying = await fixture.host({ home: 'dying' });
    await fixture.start();
    const lost = (await fixture.claim(dying, { limit: 2 })).find(({ run }) => !hidden.includes(run));
    await fixture.housekeeping.takeOver({ silentMs: 30_000, home: 'dying' });
    expect(await fixture.claim(host)).toEqual([]);
    expect((await fixture.claim(host, { suspects: true })).map(({ run }) => run).sort()).toEqual(
      [...hidden, lost?.run].sort(),
    );
  });

  const failure = { kind: 'transient', code: 'away', message: 'Away.' } as const;
  it.each<[string, (claim: Claim) => Promise<unknown>]>([
    ['gave back', (claim) => fixture.work.release(claim)],
    [
      'put off',
      async (claim) => {
        await fixture.work.fail({ claim, failure, delayMs: 1_000 });
        await fixture.shiftClock('2 seconds');
        await fixture.housekeeping.promote();
      },
    ],
    [
      'failed for good, once it is retried',
      async (claim) => {
        await fixture.work.fail({ claim, failure: { ...failure, kind: 'permanent' }, delayMs: 0 });
        await fixture.ledger.retryStep({ run: claim.run, function: 'speak' });
      },
    ],
    [
      'gave back while a brake was on, once it is off',
      async (claim) => {
        await fixture.operations.pause({ name: 'speak', by: 'ann', reason: 'a test' });
        await fixture.work.release(claim);
        await fixture.operations.resume({ name: 'speak' });
      },
    ],
  ])('sees at once what a host %s, however far the bound has come', async (_, giveBack) => {
    await fixture.start();
    const claim = await fixture.claimOne(host);
    await claimAndFinish(5);
    await giveBack(claim);
    expect(await fixture.claim(host)).toMatchObject([{ id: claim.id }]);
  });

  it('sees at once, in their order, what waited behind a brake while others went on', async () => {
    const both = testTopology({ speak: [on('pipeline.started')], look: [on('pipeline.audio.rendered')] });
    await fixture.sync(both);
    const functions = ['speak', 'look'];
    const waiting: string[] = [];
    for (let index = 0; index < 3; index += 1) waiting.push(await fixture.start());
    await fixture.operations.pause({ name: 'speak', by: 'ann', reason: 'a test' });
    await fixture.rows(
      `with run as (insert into ledger.run (id, flow, owner, title) select ledger.new_id(), 'video', 'bob', 'x' from generate_series(1, 5) returning id)
       insert into ledger.delivery (run, event, function, trigger, owner, lane)
       select id, id, 'look', 0, 'bob', 'light' from run`,
    );
    expect(await fixture.claim(host, { functions })).toHaveLength(5);
    await fixture.operations.resume({ name: 'speak' });
    expect((await fixture.claim(host, { functions })).map(({ run }) => run)).toEqual(waiting);
  });

  it('reads as few pages while a snapshot keeps all that was finished as it does without', async () => {
    const pass = async (count: number): Promise<void> => {
      await fixture.rows(
        `insert into ledger.delivery (run, event, function, trigger, owner, lane)
         select gen_random_uuid(), gen_random_uuid(), 'speak', 0, 'bob', 'light' from generate_series(1, ${count})`,
      );
      await fixture.rows(
        `update ledger.delivery set state = 'done', open = false where owner = 'bob' and open`,
      );
    };
    await pass(10_000);
    // Another lane keeps the index as deep as it becomes.
    await fixture.rows(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane)
       select gen_random_uuid(), gen_random_uuid(), 'speak', 0, 'ann', 'heavy' from generate_series(1, 10000)`,
    );
    await fixture.rows('vacuum analyze ledger.delivery');
    const reader = await fixture.pool.connect();
    const client = await fixture.pool.connect();
    await client.query(`prepare claims as ${statement('claim').text}`);
    async function pages(from: bigint | number): Promise<number> {
      await client.query('begin');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, unknown> }] }>(
        `explain (analyze, buffers, format json) execute claims ('${host}', 'light', '{speak}', 1, false, ${from})`,
      );
      await client.query('rollback');
      const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
      return Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']);
    }
    try {
      await fixture.start();
      await pages(0);
      const before = await pages(0);
      await reader.query('begin isolation level repeatable read');
      await reader.query('select count(*) from ledger.delivery');
      await claimAndFinish();
      await pass(10_000);
      await fixture.start();
      const [last] = await fixture.rows<{ seq: bigint }>('select max(seq) as seq from ledger.delivery');
      await pages(last?.seq ?? 0);
      expect(await pages(last?.seq ?? 0)).toBeLessThan(before * 1.15);
      // The bound does it: from the beginning the same claim wades through all of them.
      await fixture.rows(`update ledger.delivery set state = 'done', open = false where seq < $1`, [
        last?.seq,
      ]);
      expect(await pages(0)).toBeGreaterThan(before * 10);
    } finally {
      await reader.query('rollback');
      reader.release();
      client.release();
    }
  });
});
