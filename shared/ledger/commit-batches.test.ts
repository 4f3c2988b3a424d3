import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  commitOf,
  createLedgerFixture,
  eventOf,
  type LedgerFixture,
  on,
  testTopology,
} from '../../test/ledger-fixture.ts';
import type { Claim } from './model.ts';

const audio = eventOf('pipeline.audio.rendered');

describe('deliveries that commit together', () => {
  let fixture: LedgerFixture;
  let host: string;
  beforeAll(async () => {
    fixture = await createLedgerFixture(
      testTopology({
        speak: [on('pipeline.started')],
        hear: [on('pipeline.audio.rendered')],
        build: [
          { kind: 'all', types: ['pipeline.thumbnail.created', 'pipeline.video.assembled'], each: undefined },
        ],
      }),
    );
    host = await fixture.host();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    await fixture.rows(
      'truncate ledger.run, ledger.event, ledger.delivery, ledger.join_group, ledger.join_part',
    );
    fixture.woken.length = 0;
  });

  async function claims(count: number): Promise<readonly Claim[]> {
    for (let made = 0; made < count; made += 1) await fixture.start();
    return fixture.claim(host, { functions: ['speak'], limit: count });
  }
  const quick = (claim: Claim, events = [audio]) =>
    commitOf(claim, events, { quick: true, reply: { ok: claim.id } });
  /** Statements that the server ran for the deliveries' transactions. */
  const transactions = async () =>
    (
      await fixture.rows<{ n: number }>(
        'select count(distinct xmin::text)::int as n from ledger.delivery where function = $1',
        ['speak'],
      )
    )[0]?.n;
  const states = () =>
    fixture.rows<{ function: string; state: string; n: number }>(
      'select function, state, count(*)::int as n from ledger.delivery group by 1, 2 order by 1, 2',
    );

  it('all stand, with their events, deliveries and replies, in few transactions', async () => {
    const claimed = await claims(50);
    const outcomes = await Promise.all(claimed.map((claim) => fixture.work.commit(quick(claim))));
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(await states()).toEqual([
      { function: 'hear', state: 'due', n: 50 },
      { function: 'speak', state: 'done', n: 50 },
    ]);
    expect(await transactions()).toBeLessThan(10);
    const events = await fixture.rows<{ cause: string; id: string }>(
      'select id, cause from ledger.event where cause is not null',
    );
    expect(new Set(events.map(({ cause }) => cause)).size).toBe(50);
    for (const { id, cause } of events) expect(id).toBe(cause.replace(/0000$/, '0001'));
    const replies = await fixture.rows<{ id: string; reply: unknown }>(
      `select id, reply from ledger.delivery where state = 'done'`,
    );
    for (const { id, reply } of replies) expect(reply).toEqual({ ok: id });
    expect(fixture.woken).toContain('light');
  });

  it('fall alone: a forged fence, another host, a cancelled run take nobody with them', async () => {
    const claimed = await claims(12);
    const [late, foreign, cancelled, ...good] = claimed as [Claim, Claim, Claim, ...Claim[]];
    await fixture.ledger.cancelRun({ run: cancelled.run });
    const outcomes = await Promise.all(
      [
        { ...late, fence: '9' },
        { ...foreign, host: '00000000-0000-8000-a000-000000000000' },
        cancelled,
        ...good,
      ].map((claim) => fixture.work.commit(quick(claim))),
    );
    expect(outcomes).toEqual([...Array(3).fill('refused'), ...Array(9).fill('committed')]);
    expect(await states()).toEqual([
      { function: 'hear', state: 'due', n: 9 },
      { function: 'speak', state: 'cancelled', n: 1 },
      { function: 'speak', state: 'done', n: 9 },
      { function: 'speak', state: 'leased', n: 2 },
    ]);
  });

  it('are done once when the same is asked twice at once, and say so to both', async () => {
    const claimed = await claims(8);
    const outcomes = await Promise.all(
      [...claimed, ...claimed].map((claim) => fixture.work.commit(quick(claim))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect((await states())[0]).toEqual({ function: 'hear', state: 'due', n: 8 });
  });

  it('stand though the reply of one of them is nothing that JSON has: it fails alone', async () => {
    const [bad, ...good] = await claims(6);
    if (bad === undefined) throw new Error('no claim');
    const outcomes = await Promise.allSettled(
      [{ ...quick(bad), reply: { bytes: 1n } }, ...good.map((claim) => quick(claim))].map((request) =>
        fixture.work.commit(request),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array(5).fill('fulfilled')]);
    expect((await states())[0]).toEqual({ function: 'hear', state: 'due', n: 5 });
  });

  it('keep their own when one of them cannot be written', async () => {
    const [bad, ...good] = await claims(6);
    if (bad === undefined) throw new Error('no claim');
    // An id that is taken already: the statement of all fails.
    await fixture.rows(
      `insert into ledger.event (id, run, type, source, data) values (overlay($1::text placing '0001' from 33)::uuid, $2, 'x', 's', '{}')`,
      [bad.id, bad.run],
    );
    const outcomes = await Promise.allSettled(
      [bad, ...good].map((claim) => fixture.work.commit(quick(claim))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array(5).fill('fulfilled')]);
    expect((await states())[0]).toEqual({ function: 'hear', state: 'due', n: 5 });
  });

  it('move joins one by one: each fires exactly once', async () => {
    const claimed = await claims(10);
    const events = [eventOf('pipeline.thumbnail.created'), eventOf('pipeline.video.assembled')];
    await Promise.all(claimed.map((claim) => fixture.work.commit(quick(claim, events))));
    expect(await states()).toEqual([
      { function: 'build', state: 'due', n: 10 },
      { function: 'speak', state: 'done', n: 10 },
    ]);
  });

  it('settle their runs when they were the last, publishing the end of each once', async () => {
    const claimed = await claims(20);
    await Promise.all(claimed.map((claim) => fixture.work.commit(quick(claim, []))));
    await expect
      .poll(() => fixture.rows(`select state, count(*)::int as n from ledger.run group by 1`), {
        timeout: 5_000,
      })
      .toEqual([{ state: 'completed', n: 20 }]);
    expect(
      await fixture.rows(`select count(*)::int as n from ledger.event where type = 'pipeline.completed'`),
    ).toEqual([{ n: 20 }]);
  });

  it('leave a run with something dead to the closer look: it fails', async () => {
    const [claim] = await claims(1);
    if (claim === undefined) throw new Error('no claim');
    await fixture.rows(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open, dead)
       select run, event, 'hear', 0, owner, lane, 'dead', false, true from ledger.delivery where id = $1`,
      [claim.id],
    );
    await fixture.work.commit(quick(claim, []));
    await expect.poll(() => fixture.rows('select state from ledger.run')).toEqual([{ state: 'failed' }]);
  });

  it('hold when the server ends the sessions in between: nothing lost, nothing doubled', async () => {
    const claimed = await claims(60);
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
        const outcome = await fixture.work.commit(quick(claim)).catch(() => undefined);
        if (outcome !== undefined) return outcome;
      }
    };
    const outcomes = await Promise.all(claimed.map(until)).finally(() => clearInterval(ends));
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    // The last session to be ended may be the one that asks.
    const [hear] = await vi.waitFor(states, 20_000);
    expect(hear).toEqual({ function: 'hear', state: 'due', n: 60 });
  });
});
