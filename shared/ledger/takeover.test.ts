import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  barrier,
  commitOf,
  createLedgerFixture,
  eventOf,
  inParallel,
  type LedgerFixture,
  on,
  testTopology,
  waitingForLocks,
} from '../../test/ledger-fixture.ts';
import type { Claim } from './model.ts';
import { statement } from './statement.ts';

const SILENT = { silentMs: 30_000 };
const audio = eventOf('pipeline.audio.rendered');

describe('taking over from a lost host', () => {
  let fixture: LedgerFixture;

  beforeEach(async () => {
    fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
  });
  afterEach(() => fixture.close());

  const stateOf = async (claim: Claim) => (await fixture.ledger.deliveriesOf([claim.run]))[0];

  it('leaves the work of a host that renews its lease, however long it takes', async () => {
    const host = await fixture.host();
    await fixture.start();
    const claim = await fixture.claimOne(host);
    for (let minute = 0; minute < 3; minute += 1) {
      await fixture.shiftClock('25 seconds');
      expect(await fixture.leases.renew(host)).toBe(true);
      await fixture.housekeeping.takeOver(SILENT);
    }
    expect(await fixture.work.commit(commitOf(claim))).toBe('committed');
  });

  it('makes the work of a silent host due, ahead of the backlog, for a process of its own', async () => {
    const host = await fixture.host();
    await fixture.start();
    const claim = await fixture.claimOne(host);
    await fixture.start();
    await fixture.shiftClock('31 seconds');
    const other = await fixture.host();
    await fixture.housekeeping.takeOver(SILENT);
    expect(await stateOf(claim)).toMatchObject({ state: 'due', lost: 1, attempts: 0 });
    expect(fixture.woken).toContain('light');

    expect((await fixture.claim(other)).map(({ run }) => run)).not.toContain(claim.run);
    const again = await fixture.claimOne(other, { suspects: true });
    expect(again).toMatchObject({ id: claim.id, lost: 1, fence: '2' });
    expect(await fixture.rows('select outcome from ledger.attempt where delivery = $1', [claim.id])).toEqual([
      { outcome: 'lost' },
    ]);
  });

  it('refuses all that the host does when it wakes late, and lets the new attempt commit', async () => {
    const zombie = await fixture.host();
    await fixture.start();
    const claim = await fixture.claimOne(zombie);
    await fixture.housekeeping.takeOver({ ...SILENT, hosts: [zombie] });
    expect(await fixture.leases.renew(zombie)).toBe(false);
    expect(await fixture.leases.gone(zombie, [claim.id])).toEqual([claim.id]);
    expect(await fixture.claim(zombie, { suspects: true })).toEqual([]);
    const failure = { kind: 'permanent', code: 'bad', message: 'bad' } as const;
    expect(await fixture.work.commit(commitOf(claim, [audio]))).toBe('refused');
    expect(await fixture.work.fail({ claim, failure, delayMs: 0 })).toBe('refused');
    await fixture.work.release(claim);

    const again = await fixture.claimOne(await fixture.host(), { suspects: true });
    expect(await fixture.work.commit(commitOf(claim, [audio]))).toBe('refused');
    expect(await fixture.work.commit(commitOf(again, [audio]))).toBe('committed');
    expect(await fixture.work.commit(commitOf(claim, [audio]))).toBe('refused');
    expect(await fixture.rows('select from ledger.event where cause = $1', [claim.id])).toHaveLength(1);
  });

  it('knows at once the dead of its own data folder, and leaves those of another', async () => {
    const mine = await fixture.host({ home: 'a' });
    const theirs = await fixture.host({ home: 'b' });
    await fixture.start();
    await fixture.start();
    const ours = await fixture.claimOne(mine);
    const foreign = await fixture.claimOne(theirs);
    await fixture.housekeeping.takeOver({ ...SILENT, home: 'a' });
    expect(await stateOf(ours)).toMatchObject({ state: 'due' });
    expect(await stateOf(foreign)).toMatchObject({ state: 'leased' });
  });

  it('gives up a delivery after five losses alone, and the run fails naming it', async () => {
    await fixture.start();
    const first = await fixture.claimOne(await fixture.host());
    await fixture.housekeeping.takeOver({ ...SILENT, hosts: [first.host] });
    for (let alone = 1; alone <= 5; alone += 1) {
      expect(await stateOf(first)).toMatchObject({ state: 'due', lost: alone });
      const host = await fixture.host();
      await fixture.claimOne(host, { suspects: true });
      await fixture.housekeeping.takeOver({ ...SILENT, hosts: [host] });
    }
    expect(await stateOf(first)).toMatchObject({ state: 'dead', lost: 6, error: { code: 'host-lost' } });
    expect(await fixture.ledger.getRun(first.run)).toMatchObject({
      state: 'failed',
      failure: { dead: [{ delivery: first.id, function: 'speak', code: 'host-lost' }] },
    });
  });

  it('skips a commit in flight, which holds, and looks again', async () => {
    const host = await fixture.host();
    await fixture.start();
    await fixture.start();
    const [committing, stranded] = await fixture.claim(host);
    if (committing === undefined || stranded === undefined) throw new Error('two were due');
    // Waits inside COMMIT, with its delivery locked.
    await fixture.rows('create table late (run uuid)');
    await fixture.rows(
      `create function wait_for_test() returns trigger language plpgsql as
       $$ begin perform pg_advisory_xact_lock(42); return null; end $$`,
    );
    await fixture.rows(
      `create constraint trigger late after insert on late deferrable initially deferred
       for each row execute function wait_for_test()`,
    );
    const gate = await fixture.pool.connect();
    await gate.query('select pg_advisory_lock(42)');
    const write = async (tx: { query(text: string): Promise<unknown> }) => {
      await tx.query('insert into late values (gen_random_uuid())');
      return {};
    };
    const answer = fixture.work.commit(commitOf(committing, [], { write }));
    await waitingForLocks(fixture, 1);

    await fixture.housekeeping.takeOver({ ...SILENT, hosts: [host] });
    expect(await stateOf(stranded)).toMatchObject({ state: 'due', lost: 1 });
    expect(await stateOf(committing)).toMatchObject({ state: 'leased', lost: 0 });
    await gate.query('select pg_advisory_unlock(42)');
    gate.release();
    expect(await answer).toBe('committed');
    await fixture.housekeeping.takeOver(SILENT);
    expect(await stateOf(committing)).toMatchObject({ state: 'done', lost: 0 });
  });

  it('and a claim cannot pass each other: a dead host holds nothing', { timeout: 120_000 }, async () => {
    const ROUNDS = 300;
    await inParallel(Array.from({ length: ROUNDS }), 8, async () => void (await fixture.start()));
    const hosts = await Promise.all(Array.from({ length: ROUNDS }, () => fixture.host()));
    let claimed = 0;
    await inParallel(hosts, 4, async (host) => {
      const meet = barrier(2);
      const [claims] = await Promise.all([
        meet().then(() => fixture.claim(host, { limit: 1 })),
        meet().then(() => fixture.housekeeping.takeOver({ ...SILENT, hosts: [host] })),
      ]);
      claimed += claims.length;
    });
    await fixture.housekeeping.takeOver(SILENT);
    expect(claimed).toBeGreaterThan(0);
    const held = await fixture.rows(`select from ledger.delivery where state = 'leased'`);
    expect(held).toEqual([]);
    const lost = await fixture.rows<{ lost: bigint }>('select sum(lost) as lost from ledger.delivery');
    expect(Number(lost[0]?.lost)).toBe(claimed);
  });

  it('looks for what a dead host held until nothing is left of it, and then never again', async () => {
    const host = await fixture.host();
    await fixture.start();
    const claim = await fixture.claimOne(host);
    await fixture.start();
    const committing = await fixture.pool.connect();
    await committing.query('begin');
    await committing.query('select from ledger.delivery where id = $1 for update', [claim.id]);
    await fixture.housekeeping.takeOver({ ...SILENT, hosts: [host] });
    expect(await stateOf(claim)).toMatchObject({ state: 'leased' });
    expect(await backlogReads()).toBeGreaterThan(0);
    await committing.query('rollback');
    committing.release();
    await fixture.housekeeping.takeOver(SILENT);
    expect(await stateOf(claim)).toMatchObject({ state: 'due', lost: 1 });
    expect(await backlogReads()).toBe(0);
  });

  /** How often a take-over of now reads deliveries, save those whose ids it has. */
  async function backlogReads(): Promise<number> {
    interface Node {
      readonly 'Node Type': string;
      readonly 'Relation Name'?: string;
      readonly 'Index Name'?: string;
      readonly 'Actual Loops': number;
      readonly Plans?: readonly Node[];
    }
    const session = await fixture.pool.connect();
    // The table is small here: without this the whole of it is read even for what has an id.
    await session.query('set enable_seqscan = off');
    const { rows } = await session.query<{ 'QUERY PLAN': readonly [{ Plan: Node }] }>(
      `explain (analyze, format json) ${statement('take-over').text}`,
      [5],
    );
    await session.query('reset enable_seqscan');
    session.release();
    const isRead = (node: Node): boolean =>
      node['Relation Name'] === 'delivery' &&
      /Scan/.test(node['Node Type']) &&
      node['Index Name'] !== 'delivery_pkey';
    const reads = (node: Node): number =>
      (isRead(node) ? node['Actual Loops'] : 0) +
      (node.Plans ?? []).reduce((sum, each) => sum + reads(each), 0);
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error('no plan');
    return reads(plan);
  }

  it('waits for a claim in flight, and a claim that comes later sees the host dead', async () => {
    const host = await fixture.host();
    await fixture.start();
    const session = await fixture.pool.connect();
    await session.query('begin');
    await session.query('select from ledger.host where id = $1 for update', [host]);
    const claiming = fixture.claim(host);
    await waitingForLocks(fixture, 1);
    await session.query('update ledger.host set dead_at = ledger.ledger_now() where id = $1', [host]);
    await session.query('commit');
    session.release();
    expect(await claiming).toEqual([]);
  });

  it('makes no delivery of two claims of one moment', { timeout: 120_000 }, async () => {
    const runs = 400;
    await inParallel(Array.from({ length: runs }), 8, async () => void (await fixture.start()));
    const hosts = await Promise.all(Array.from({ length: 8 }, () => fixture.host()));
    const claims = await Promise.all(
      hosts.map(async (host) => {
        const mine: Claim[] = [];
        for (;;) {
          const some = await fixture.claim(host, { limit: 7 });
          if (some.length === 0) return mine;
          mine.push(...some);
        }
      }),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(runs);
    expect(new Set(ids).size).toBe(runs);
    expect(claims.flat().every(({ fence }) => fence === '1')).toBe(true);
  });

  it('lets a host that shuts down give its work back, uncounted', async () => {
    const host = await fixture.host();
    await fixture.start();
    const claim = await fixture.claimOne(host);
    await fixture.start();
    await fixture.work.release(claim);
    expect(await stateOf(claim)).toMatchObject({ state: 'due', attempts: 0, lost: 0 });
    expect(await fixture.work.commit(commitOf(claim))).toBe('refused');
    expect(await fixture.claimOne(host)).toMatchObject({ id: claim.id, fence: '2' });
  });
});
