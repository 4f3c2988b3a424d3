import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barrier,
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { Transaction } from './handler-write.ts';

describe("a handler's write inside its commit", () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({ join: [on('pipeline.started')], hear: [on('pipeline.audio.rendered')] }),
      { max: 20 },
    );
    host = await fixture.host();
    await fixture.rows('create table place (number int primary key, taken int not null)');
  });
  afterAll(() => fixture.close());

  it('returns further events and the reply', async () => {
    await fixture.start();
    const claim = await fixture.claimOne(host);
    const write = async () => ({ events: [eventOf('pipeline.audio.rendered')], reply: { seat: 3 } });
    const events = [eventOf('pipeline.thumbnail.created')];
    expect(await fixture.work.commit(commitOf(claim, events, { write, reply: { seat: 0 } }))).toBe(
      'committed',
    );
    expect(
      await fixture.rows('select id, type from ledger.event where cause = $1 order by id', [claim.id]),
    ).toEqual([
      { id: `${claim.id.slice(0, -4)}0001`, type: 'pipeline.thumbnail.created' },
      { id: `${claim.id.slice(0, -4)}0002`, type: 'pipeline.audio.rendered' },
    ]);
    expect(await fixture.rows('select reply from ledger.delivery where id = $1', [claim.id])).toEqual([
      { reply: { seat: 3 } },
    ]);
    expect(await fixture.claim(host, { functions: ['hear'] })).toHaveLength(1);
  });

  it('decides under its own locks: fifty who want ten places', { timeout: 60_000 }, async () => {
    await fixture.rows('insert into place values (1, 0)');
    await Promise.all(Array.from({ length: 50 }, () => fixture.start()));
    const claims = await fixture.claim(host, { functions: ['join'] });
    const write = async (tx: Transaction) => {
      const [place] = await tx.query<{ taken: number }>(
        'select taken from place where number = 1 for update',
      );
      if (place === undefined || place.taken >= 10) return { reply: { joined: false } };
      await tx.query('update place set taken = taken + 1 where number = 1');
      return { reply: { joined: true } };
    };
    const outcomes = await Promise.all(
      claims.map((claim) => fixture.work.commit(commitOf(claim, [], { write }))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(
      await fixture.rows(
        `select reply ->> 'joined' as joined, count(*)::int as people from ledger.delivery
       where id = any ($1) group by 1 order by 1`,
        [claims.map(({ id }) => id)],
      ),
    ).toEqual([
      { joined: 'false', people: 40 },
      { joined: 'true', people: 10 },
    ]);
  });

  it('runs again after a deadlock, and both effects hold once', async () => {
    await fixture.rows('insert into place values (7, 0), (8, 0)');
    await Promise.all([fixture.start(), fixture.start()]);
    const claims = await fixture.claim(host, { functions: ['join'] });
    const meet = barrier(2);
    let runs = 0;
    const outcomes = await Promise.all(
      claims.map((claim, index) => {
        const order = index === 0 ? [7, 8] : [8, 7];
        const write = async (tx: Transaction) => {
          runs += 1;
          await tx.query('update place set taken = taken + 1 where number = $1', [order[0]]);
          // Only the first two times: each holds what the other wants next.
          if (runs <= 2) await meet();
          await tx.query('update place set taken = taken + 1 where number = $1', [order[1]]);
          return {};
        };
        return fixture.work.commit(commitOf(claim, [], { write }));
      }),
    );
    expect(outcomes).toEqual(['committed', 'committed']);
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(await fixture.rows('select taken from place where number in (7, 8)')).toEqual([
      { taken: 2 },
      { taken: 2 },
    ]);
  });

  it('takes nothing with it when it swallows an error of the database', async () => {
    await fixture.start();
    const claim = await fixture.claimOne(host, { functions: ['join'] });
    const write = async (tx: Transaction) => {
      await tx.query('insert into place values (99, 0)');
      await tx.query('select 1 / 0').catch(() => undefined);
      return {};
    };
    await expect(fixture.work.commit(commitOf(claim, [], { write }))).rejects.toMatchObject({
      code: '25P02',
    });
    expect(await fixture.rows('select from place where number = 99')).toEqual([]);
    expect(await fixture.work.commit(commitOf(claim))).toBe('committed');
  });
});
