import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { CommitRequest } from './commit.ts';
import type { Transaction } from './handler-write.ts';
import type { Claim } from './model.ts';

const audio = eventOf('pipeline.audio.rendered');

/** Transactions that nobody has ended. */
const OPEN = `select query from pg_stat_activity
  where datname = current_database() and state = 'idle in transaction'`;

describe('quick deliveries that write rows of their own', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeEach(async () => {
    // A ledger of its own each: what it learns of a function must not reach the next test.
    fixture = await createLedgerFixture(
      testTopology({
        speak: [on('pipeline.started')],
        hear: [on('pipeline.audio.rendered')],
        build: [
          { kind: 'all', types: ['pipeline.thumbnail.created', 'pipeline.video.assembled'], each: undefined },
        ],
      }),
      { max: 20 },
    );
    host = await fixture.host();
    // No key: one would hide a broken fence.
    await fixture.rows('create table note (delivery uuid not null)');
    return () => fixture.close();
  });

  async function claims(count: number): Promise<readonly Claim[]> {
    for (let made = 0; made < count; made += 1) await fixture.start();
    return fixture.claim(host, { functions: ['speak'], limit: count });
  }
  const noting = (claim: Claim, more: Partial<CommitRequest> = {}) =>
    commitOf(claim, [audio], {
      quick: true,
      write: async (tx) => {
        await tx.query('insert into note values ($1)', [claim.id]);
        return {};
      },
      ...more,
    });
  const notes = async () =>
    (await fixture.rows<{ delivery: string }>('select delivery from note order by 1')).map(
      ({ delivery }) => delivery,
    );
  const idsOf = (claimed: readonly Claim[]) => claimed.map(({ id }) => id).sort();

  it('commit in few transactions, each with its own rows, events and reply', async () => {
    const claimed = await claims(40);
    const outcomes = await Promise.all(
      claimed.map((claim) =>
        fixture.work.commit(
          noting(claim, {
            write: async (tx) => {
              await tx.query('insert into note values ($1)', [claim.id]);
              return { events: [eventOf('pipeline.thumbnail.created')], reply: { of: claim.id } };
            },
          }),
        ),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(await notes()).toEqual(idsOf(claimed));
    const ended = await fixture.rows<{ id: string; wrote: boolean; reply: unknown; tx: string }>(
      `select id, wrote, reply, xmin::text as tx from ledger.delivery where state = 'done'`,
    );
    for (const { id, wrote, reply } of ended)
      expect({ wrote, reply }).toEqual({ wrote: true, reply: { of: id } });
    expect(ended).toHaveLength(40);
  });

  it('share transactions where their events move no join', async () => {
    const claimed = await claims(40);
    await Promise.all(claimed.map((claim) => fixture.work.commit(noting(claim))));
    const [row] = await fixture.rows<{ n: number }>(
      `select count(distinct xmin::text)::int as n from ledger.delivery where state = 'done'`,
    );
    expect(row?.n).toBeLessThan(20);
  });

  it('decide one after the other: forty who want ten places', async () => {
    await fixture.rows('create table place (taken int not null)');
    await fixture.rows('insert into place values (0)');
    const claimed = await claims(40);
    const write = async (tx: Transaction) => {
      const [place] = await tx.query<{ taken: number }>('select taken from place for update');
      const isFree = (place?.taken ?? 10) < 10;
      // A trip in which another one's decision would come between.
      await tx.query('select 1');
      if (isFree) await tx.query('update place set taken = $1', [(place?.taken ?? 0) + 1]);
      return { reply: { joined: isFree } };
    };
    await Promise.all(claimed.map((claim) => fixture.work.commit(noting(claim, { write }))));
    expect(await fixture.rows('select taken from place')).toEqual([{ taken: 10 }]);
    expect(
      await fixture.rows(
        `select reply ->> 'joined' as joined, count(*)::int as n from ledger.delivery where state = 'done' group by 1 order by 1`,
      ),
    ).toEqual([
      { joined: 'false', n: 30 },
      { joined: 'true', n: 10 },
    ]);
  });

  it('fall alone: one whose write fails, a forged fence and a cancelled run take nobody with them', async () => {
    const claimed = await claims(12);
    const [failing, late, cancelled, ...good] = claimed as [Claim, Claim, Claim, ...Claim[]];
    await fixture.ledger.cancelRun({ run: cancelled.run });
    const outcomes = await Promise.allSettled(
      [
        noting(failing, { write: (tx) => tx.query('select 1 / 0').then(() => ({})) }),
        noting({ ...late, fence: '9' }),
        noting(cancelled),
        ...good.map((claim) => noting(claim)),
      ].map((request) => fixture.work.commit(request)),
    );
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))).toEqual([
      '22012',
      'refused',
      'refused',
      ...Array(9).fill('committed'),
    ]);
    expect(await notes()).toEqual(idsOf(good));
    expect(await fixture.rows(`select count(*)::int as n from ledger.event where cause is not null`)).toEqual(
      [{ n: 9 }],
    );
  });

  it('hold nobody up who has the lock that one of them wants', async () => {
    await fixture.rows('create table place (taken int not null)');
    await fixture.rows('insert into place values (0)');
    const claimed = await claims(6);
    const [waiting, ...others] = claimed as [Claim, ...Claim[]];
    const other = await fixture.pool.connect();
    await other.query('begin');
    await other.query('update place set taken = 5');
    const write = (tx: Transaction) => tx.query('update place set taken = taken + 1').then(() => ({}));
    const held = fixture.work.commit(noting(waiting, { write }));
    // While that one waits for as long as it must, the others do not.
    await Promise.all(others.map((claim) => fixture.work.commit(noting(claim))));
    expect(await notes()).toEqual(idsOf(others));
    await other.query('commit');
    other.release();
    expect(await held).toBe('committed');
    expect(await fixture.rows('select taken from place')).toEqual([{ taken: 6 }]);
  });

  it.each([
    ['waits for something outside', () => new Promise<never>(() => undefined)],
    ['asks for what takes minutes', (tx: Transaction) => tx.query('select pg_sleep(120)').then(() => ({}))],
  ])('hold nobody up when one of them %s, which is broken off', async (_, write) => {
    const claimed = await claims(4);
    const [slow, ...others] = claimed as [Claim, ...Claim[]];
    const dawdling = async (tx: Transaction) => {
      await tx.query('insert into note values ($1)', [slow.id]);
      return write(tx);
    };
    const [first, ...rest] = await Promise.allSettled(
      [noting(slow, { write: dawdling }), ...others.map((claim) => noting(claim))].map((request) =>
        fixture.work.commit(request),
      ),
    );
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'write-too-slow' } });
    expect(rest).toEqual(others.map(() => ({ status: 'fulfilled', value: 'committed' })));
    expect(await notes()).toEqual(idsOf(others));
    await vi.waitFor(async () => expect(await fixture.rows(OPEN)).toEqual([]), 20_000);
  });

  it('move joins one by one', async () => {
    const claimed = await claims(6);
    const events = [eventOf('pipeline.thumbnail.created'), eventOf('pipeline.video.assembled')];
    await Promise.all(claimed.map((claim) => fixture.work.commit(noting(claim, { events }))));
    expect(await notes()).toEqual(idsOf(claimed));
    expect(
      await fixture.rows(`select count(*)::int as n from ledger.delivery where function = 'build'`),
    ).toEqual([{ n: 6 }]);
  });

  it('hold once when the server ends the sessions in between', async () => {
    const claimed = await claims(40);
    let ended = 0;
    const ends = setInterval(() => {
      ended += 1;
      // A machine that takes longer to connect than a session lasts would never be done.
      if (ended === 60) clearInterval(ends);
      void fixture
        .rows(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'ledger-test'`,
        )
        .catch(() => undefined);
    }, 15);
    const until = async (claim: Claim): Promise<string> => {
      for (;;) {
        const outcome = await fixture.work.commit(noting(claim)).catch(() => undefined);
        if (outcome !== undefined) return outcome;
      }
    };
    const outcomes = await Promise.all(claimed.map(until)).finally(() => clearInterval(ends));
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    await expect.poll(() => notes().catch(() => [])).toEqual(idsOf(claimed));
  });
});
