import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from '#shared/database';
import {
  artifactOf,
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { Claim } from './model.ts';
import { createWorkLedger } from './work.ts';

const audio = eventOf('pipeline.audio.rendered');
const failure = { kind: 'transient', code: 'peer-away', message: 'no answer' } as const;

describe('the fence of a delivery', () => {
  let fixture: LedgerFixture;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({ speak: [on('pipeline.started')], hear: [on('pipeline.audio.rendered')] }),
    );
    host = await fixture.host();
    // No key: one would hide a broken fence.
    await fixture.rows('create table effect (delivery uuid, fence bigint)');
  });
  afterAll(() => fixture.close());

  const withEffect = (claim: Claim) =>
    commitOf(claim, [audio], {
      artifacts: [artifactOf(claim, 'narration.wav')],
      promises: { name: 'scene', keys: ['a'] },
      reply: { said: true },
      usage: { wallMs: 5 },
      write: async (tx) => {
        await tx.query('insert into effect values ($1, $2)', [claim.id, claim.fence]);
        return {};
      },
    });

  /** Everything that a commit of the run has left. */
  async function tracesOf(run: string) {
    const [row] = await fixture.rows<Record<string, number>>(
      `select
         (select count(*)::int from effect e join ledger.delivery d on d.id = e.delivery where d.run = $1) as effects,
         (select count(*)::int from ledger.event where run = $1 and cause is not null) as events,
         (select count(*)::int from ledger.delivery where run = $1 and function = 'hear') as deliveries,
         (select count(*)::int from ledger.artifact where run = $1) as artifacts,
         (select count(*)::int from ledger.promise where run = $1) as promises`,
      [run],
    );
    return row;
  }
  const NOTHING = { effects: 0, events: 0, deliveries: 0, artifacts: 0, promises: 0 };
  const ONCE = { effects: 1, events: 1, deliveries: 1, artifacts: 1, promises: 1 };

  async function claimed(): Promise<Claim> {
    await fixture.start();
    return fixture.claimOne(host, { functions: ['speak'] });
  }

  it('lets everything of one commit appear together', async () => {
    const claim = await claimed();
    expect(await fixture.work.commit(withEffect(claim))).toBe('committed');
    expect(await tracesOf(claim.run)).toEqual(ONCE);
    const [row] = await fixture.rows(
      'select state, open, host, reply, usage from ledger.delivery where id = $1',
      [claim.id],
    );
    expect(row).toEqual({
      state: 'done',
      open: false,
      host: null,
      reply: { said: true },
      usage: { wallMs: 5 },
    });
  });

  it("lets nothing appear when the handler's own write fails", async () => {
    const claim = await claimed();
    const broken = withEffect(claim);
    const write = async (tx: Parameters<NonNullable<typeof broken.write>>[0]) => {
      await broken.write?.(tx);
      throw new Error('full');
    };
    await expect(fixture.work.commit({ ...broken, write })).rejects.toThrow('full');
    expect(await tracesOf(claim.run)).toEqual(NOTHING);
    expect(await fixture.work.commit(withEffect(claim))).toBe('committed');
  });

  it.each([
    ['of an earlier fence', (claim: Claim): Claim => ({ ...claim, fence: String(Number(claim.fence) - 1) })],
    ['of a later fence', (claim: Claim): Claim => ({ ...claim, fence: String(Number(claim.fence) + 1) })],
    [
      'of another host',
      (claim: Claim): Claim => ({ ...claim, host: '00000000-0000-8000-a000-000000000000' }),
    ],
  ])('refuses a commit %s, with all it wrote', async (_, forged) => {
    const claim = await claimed();
    expect(await fixture.work.commit(withEffect(forged(claim)))).toBe('refused');
    expect(await fixture.work.fail({ claim: forged(claim), failure, delayMs: 0 })).toBe('refused');
    await fixture.work.reportProgress([{ claim: { ...forged(claim), host: claim.host }, fraction: 0.5 }]);
    expect(await tracesOf(claim.run)).toEqual(NOTHING);
    expect(await fixture.work.commit(withEffect(claim))).toBe('committed');
  });

  it('lets two who hold the same claim commit once', async () => {
    const claim = await claimed();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => fixture.work.commit(withEffect(claim))),
    );
    // The others learn that this very attempt has committed.
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(await tracesOf(claim.run)).toEqual(ONCE);
  });

  it('answers a second asking after success as the first, and does nothing again', async () => {
    const claim = await claimed();
    await fixture.work.commit(withEffect(claim));
    expect(await fixture.work.commit(withEffect(claim))).toBe('committed');
    expect(await tracesOf(claim.run)).toEqual(ONCE);
  });

  it('answers so even when the second writing fails on the key of the first', async () => {
    await fixture.rows('create table keyed (delivery uuid primary key)');
    const claim = await claimed();
    const request = commitOf(claim, [], {
      write: async (tx) => {
        await tx.query('insert into keyed values ($1)', [claim.id]);
        return {};
      },
    });
    expect(await fixture.work.commit(request)).toBe('committed');
    expect(await fixture.work.commit(request)).toBe('committed');
    // A host that lost the delivery is refused, not told of the winner's key.
    expect(await fixture.work.commit({ ...request, claim: { ...claim, fence: '0' } })).toBe('refused');
  });

  it('refuses a late failure, and progress after the end changes nothing', async () => {
    const claim = await claimed();
    await fixture.work.commit(withEffect(claim));
    expect(await fixture.work.fail({ claim, failure, delayMs: 0 })).toBe('refused');
    await fixture.work.reportProgress([{ claim, fraction: 0.2, message: 'late' }]);
    const [view] = await fixture.ledger.deliveriesOf([claim.run]);
    expect(view).toMatchObject({ state: 'done', progress: 1, attempts: 0 });
    expect(view).not.toHaveProperty('message');
  });

  describe('when the answer of COMMIT is lost', () => {
    /** A pool whose sessions break at COMMIT: after the server has done it, or before it heard of it. */
    function breaking(pool: Pool, when: 'before' | 'after'): { pool: Pool; broken: () => number } {
      let count = 0;
      const connect = async () => {
        const client = await pool.connect();
        const query = client.query.bind(client) as (...values: unknown[]) => Promise<unknown>;
        return new Proxy(client, {
          get(target, name) {
            if (name !== 'query') {
              const value: unknown = Reflect.get(target, name);
              return typeof value === 'function' ? value.bind(target) : value;
            }
            return async (...values: unknown[]) => {
              if (values[0] !== 'commit' || count > 0) return query(...values);
              count += 1;
              if (when === 'after') await query('commit');
              throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
            };
          },
        });
      };
      const broken = new Proxy(pool, {
        get(target, name) {
          if (name === 'connect') return connect;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return { pool: broken, broken: () => count };
    }

    it('reads the row and finds that it was done', async () => {
      const claim = await claimed();
      const { pool, broken } = breaking(fixture.pool, 'after');
      const work = createWorkLedger({ pool, source: 'urn:test', wake: () => undefined });
      expect(await work.commit(withEffect(claim))).toBe('committed');
      expect(broken()).toBe(1);
      expect(await tracesOf(claim.run)).toEqual(ONCE);
    });

    it('reads the row and says that it does not know of it; asking again does it once', async () => {
      const claim = await claimed();
      const { pool, broken } = breaking(fixture.pool, 'before');
      const work = createWorkLedger({ pool, source: 'urn:test', wake: () => undefined });
      await expect(work.commit(withEffect(claim))).rejects.toMatchObject({
        kind: 'transient',
        code: 'commit-unknown',
      });
      expect(broken()).toBe(1);
      expect(await tracesOf(claim.run)).toEqual(NOTHING);
      expect(await work.commit(withEffect(claim))).toBe('committed');
      expect(await tracesOf(claim.run)).toEqual(ONCE);
    });

    /** A pool that cannot look so many times whether an attempt was committed. */
    function blind(pool: Pool, times: number): Pool {
      let left = times;
      return new Proxy(pool, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'query') return value.bind(target);
          return (...values: unknown[]) => {
            if (!String(values[0]).includes('for share') || left === 0) return value.apply(target, values);
            left -= 1;
            return Promise.reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
          };
        },
      });
    }

    it('never says of what was done that it was refused: its host would remove the files', async () => {
      const claim = await claimed();
      const { pool } = breaking(fixture.pool, 'after');
      const work = createWorkLedger({ pool: blind(pool, 2), source: 'urn:test', wake: () => undefined });
      await expect(work.commit(withEffect(claim))).rejects.toMatchObject({ code: 'commit-unknown' });
      // The ledger says no, for it was done before; why it said no cannot be read.
      await expect(work.commit(withEffect(claim))).rejects.toMatchObject({ code: 'commit-unknown' });
      expect(await work.commit(withEffect(claim))).toBe('committed');
      expect(await tracesOf(claim.run)).toEqual(ONCE);
    });
  });

  it('holds when the server ends the session in the middle of a commit', async () => {
    const claim = await claimed();
    const request = commitOf(claim, [audio], {
      write: async (tx) => {
        await tx.query('insert into effect values ($1, $2)', [claim.id, claim.fence]);
        await tx.query('select pg_terminate_backend(pg_backend_pid())');
        return {};
      },
    });
    await expect(fixture.work.commit(request)).rejects.toThrow();
    expect(await tracesOf(claim.run)).toEqual(NOTHING);
    expect(await fixture.work.commit(withEffect(claim))).toBe('committed');
  });

  it('stands although the run cannot be settled just now: the scheduler does it', async () => {
    const claim = await claimed();
    await fixture.rows(
      `alter table ledger.run add constraint stuck check (id <> '${claim.run}' or state = 'running')`,
    );
    expect(await fixture.work.commit(commitOf(claim))).toBe('committed');
    await fixture.rows('alter table ledger.run drop constraint stuck');
    expect(await fixture.ledger.getRun(claim.run)).toMatchObject({ state: 'running' });
    await fixture.housekeeping.settleStranded();
    expect(await fixture.ledger.getRun(claim.run)).toMatchObject({ state: 'completed' });
  });
});
