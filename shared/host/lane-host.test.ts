import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Permanent, Transient } from '#shared/errors';
import { type EventType, eventCatalogue } from '#shared/events';
import { createLeases, newRunId } from '#shared/ledger';
import { createLaneHostWorld, type LaneHostWorld, OWNER, placed } from './testing/lane-host-world.ts';

let world: LaneHostWorld;
beforeAll(async () => {
  world = await createLaneHostWorld();
});
afterAll(() => world?.close());

describe('a host', () => {
  it('runs a due delivery, publishes its artifact with the commit, and settles the run', async () => {
    const { ledger, run, delivery } = await world.hostOf(async (_input, deps) => {
      const artifact = await deps.put('note.txt', { bytes: 'made' });
      return { ...placed(), puts: [{ artifact }] };
    });
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 20_000);
    expect(await delivery()).toMatchObject({ state: 'done', attempts: 0, progress: 1 });
    const [artifact] = await ledger.artifactsOf(run);
    expect(artifact).toMatchObject({ name: 'note.txt', bytes: 4, function: 'only-step' });
    expect(await readdir(join(world.folder, 'work')).catch(() => [])).toEqual([]);
  });

  it('puts work off that meets a provider’s limit, and counts no attempt', async () => {
    await world.pool.query(
      `insert into ledger.provider (name, capacity, per_ms, tokens) values ('openai', 1, 60000, 1) on conflict do nothing`,
    );
    let tries = 0;
    const { run, ledger, laneHost, delivery, housekeeping } = await world.hostOf(async (_input, deps) => {
      tries += 1;
      if (tries === 1) await deps.provider('openai');
      await deps.provider('openai');
      return placed();
    });
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('later'), 20_000);
    expect(await delivery()).toMatchObject({
      attempts: 0,
      postponed: 1,
      message: expect.stringContaining('openai'),
    });
    await world.pool.query(`select setval('ledger.clock_shift', 120_000)`);
    await housekeeping.promote();
    laneHost.wake();
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 20_000);
    expect(await delivery()).toMatchObject({ attempts: 0 });
  });

  it('counts no attempt when the connection is cut while a provider is asked for', async () => {
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    await world.pool.query(
      `insert into ledger.provider (name, capacity, per_ms, tokens) values ('google', 100, 60000, 100) on conflict do nothing`,
    );
    const holder = await world.pool.connect();
    onTestFinished(() => holder.release());
    const { run, ledger, laneHost, delivery, housekeeping } = await world.hostOf(async (_input, deps) => {
      await held;
      await deps.provider('google');
      return placed();
    });
    await holder.query('begin');
    await holder.query(`select from ledger.provider where name = 'google' for update`);
    hold();
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%ledger.provider%'`;
    await vi.waitFor(async () => expect((await world.pool.query(cut)).rowCount).toBe(1), 20_000);
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('later'), 20_000);
    expect(await delivery()).toMatchObject({ attempts: 0, postponed: 1 });
    await holder.query('rollback');
    await world.pool.query(`select setval('ledger.clock_shift', 240_000)`);
    await housekeeping.promote();
    laneHost.wake();
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 20_000);
    expect(await delivery()).toMatchObject({ attempts: 0 });
  });

  it('tries a transient failure again and leaves nothing of the failed attempt in the store', async () => {
    let tries = 0;
    const { ledger, run, delivery, housekeeping, laneHost } = await world.hostOf(async (_input, deps) => {
      await deps.put('half.txt', { bytes: 'half' });
      tries += 1;
      if (tries === 1) throw new Transient('peer-away', 'The peer is away.');
      return placed();
    });
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('later'), 20_000);
    expect((await world.store.list(`runs/${run}/`)).objects).toEqual([]);
    await vi.waitFor(async () => {
      await housekeeping.promote();
      laneHost.wake();
      expect((await ledger.getRun(run))?.state).toBe('completed');
    }, 20_000);
    expect(await delivery()).toMatchObject({ state: 'done', attempts: 1 });
  });

  it.each([
    ['permanent at once', () => new Permanent('bad-topic', 'The topic is bad.'), 'bad-topic', 1],
    ['an unforeseen error after its last try', () => new TypeError('x is undefined'), 'unexpected', 1],
  ])('makes dead what is %s, and the run fails naming it', async (_name, failure, code, attempts) => {
    const { ledger, run, delivery } = await world.hostOf(
      () => {
        throw failure();
      },
      { attempts: 1 },
    );
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('failed'), 20_000);
    expect(await delivery()).toMatchObject({ state: 'dead', attempts, error: { code } });
    expect((await ledger.getRun(run))?.failure?.dead).toMatchObject([{ function: 'only-step', code }]);
  });

  it('refuses events that the function did not declare', async () => {
    const { ledger, run, delivery } = await world.hostOf(async () => ({
      emits: [{ type: 'pipeline.completed' as const, data: { state: 'completed' as const } }],
    }));
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('failed'), 20_000);
    expect(await delivery()).toMatchObject({ error: { code: 'emit-undeclared' } });
  });

  it('aborts the work within a second of a cancel, and commits nothing', async () => {
    let abortedAfter = Number.NaN;
    let cancelledAt = Number.NaN;
    const { ledger, run, delivery } = await world.hostOf(async (_input, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      abortedAfter = performance.now() - cancelledAt;
      return placed();
    });
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('leased'), 20_000);
    cancelledAt = performance.now();
    await ledger.cancelRun({ run });
    await vi.waitFor(() => expect(abortedAfter).not.toBeNaN(), 20_000);
    // A second, on a machine that has other things to do as well: who misses a look hears of it ten seconds later.
    expect(abortedAfter).toBeLessThan(4_000);
    expect((await delivery())?.state).toBe('cancelled');
    expect((await ledger.getRun(run))?.state).toBe('cancelled');
  });

  it('ends work that passes its time limit, as a failure to be tried again', async () => {
    const { delivery } = await world.hostOf(
      async (_input, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        signal.throwIfAborted();
        return placed();
      },
      { timeoutMs: 300 },
    );
    await vi.waitFor(async () => expect((await delivery())?.error?.code).toBe('time-limit'), 20_000);
    expect((await delivery())?.state).toBe('later');
  });

  it('gives work back uncounted when it shuts down', async () => {
    const { laneHost, delivery } = await world.hostOf(async (_input, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return placed();
    });
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('leased'), 20_000);
    await laneHost.drain(10);
    expect(await delivery()).toMatchObject({ state: 'due', attempts: 0, lost: 0 });
    await world.pool.query('delete from ledger.delivery where open');
  });

  it('drains while a claim is on its way: the answer is let in, and its work given back', async () => {
    const { laneHost, delivery } = await world.hostOf(async (_input, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return placed();
    });
    // Without a turn of the event loop in between, the claim has been sent and not answered.
    laneHost.wake();
    await laneHost.drain(10);
    expect(await delivery()).toMatchObject({ state: 'due', attempts: 0, lost: 0 });
    await world.pool.query('delete from ledger.delivery where open');
  });

  it('works on what a dead host left, alone', async () => {
    let most = 0;
    let inWork = 0;
    const { ledger, run, housekeeping, host, delivery, laneHost } = await world.hostOf(
      async (_input, { signal }) => {
        inWork += 1;
        most = Math.max(most, inWork);
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
          setTimeout(resolve, 100);
        });
        inWork -= 1;
        return placed();
      },
    );
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 20_000);
    // Two deliveries of a host that died.
    const dead = await createLeases(world.pool).enrol({ home: 'other', lane: 'light', pid: 1 });
    const runs = [newRunId(), newRunId()];
    for (const id of runs) {
      await world.pool.query('select pg_sleep(0)');
      await ledger.publish({
        run: { id, flow: 'video', owner: OWNER, title: 'T', labels: {} },
        event: {
          type: 'pipeline.started' satisfies EventType,
          data: eventCatalogue['pipeline.started'].example,
        },
      });
      await world.pool.query(
        `update ledger.delivery set state = 'leased', host = $2, fence = fence + 1 where run = $1`,
        [id, dead],
      );
    }
    most = 0;
    await housekeeping.takeOver({ silentMs: 60_000, hosts: [dead] });
    expect((await ledger.deliveriesOf(runs)).map(({ lost }) => lost)).toEqual([1, 1]);
    laneHost.wake();
    await vi.waitFor(async () => {
      const states = await Promise.all(runs.map(async (id) => (await ledger.getRun(id))?.state));
      expect(states).toEqual(['completed', 'completed']);
    }, 20_000);
    expect(most).toBe(1);
    expect(host).not.toBe(dead);
    expect((await delivery())?.lost).toBe(0);
  });
});
