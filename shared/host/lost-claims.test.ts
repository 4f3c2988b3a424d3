import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Transient } from '#shared/errors';
import type { ArtifactRef } from '#shared/events';
import { createLeases } from '#shared/ledger';
import { deliveryArtifacts } from './artifacts.ts';
import { createLaneHostWorld, type LaneHostWorld, placed } from './testing/lane-host-world.ts';

let world: LaneHostWorld;
beforeAll(async () => {
  world = await createLaneHostWorld();
});
afterAll(() => world?.close());

/**
 * Claims wait for no disk: a server that crashes has the delivery as it was before. (Its place is new here, or the host
 * would look past it: what a crash does to that is claim-bound's.)
 */
async function forgetClaim(run: string): Promise<void> {
  await world.pool.query(
    `update ledger.delivery set state = 'due', fence = 0, host = null, started_at = null,
       seq = nextval('ledger.due_seq') where run = $1`,
    [run],
  );
}

describe('a host whose database forgets its claim in a crash', () => {
  it('goes on with what it works on when the database forgets its claim in a crash', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    let begun = 0;
    // Did the lease's thread look while the row is nobody's, the work would be broken off: rightly, and not what this is about.
    const { run, ledger, laneHost, delivery } = await world.hostOf(
      async () => {
        begun += 1;
        await held;
        return placed();
      },
      { beginAfterMs: 600_000 },
    );
    await vi.waitFor(() => expect(begun).toBe(1), 10_000);
    onTestFinished(() => release());
    // Claims wait for no disk: a server that crashes has the delivery as it was before. (Its place is new here, or the
    // host would look past it: what a crash does to that is claim-bound's.)
    await world.pool.query(
      `update ledger.delivery set state = 'due', fence = 0, host = null, started_at = null,
         seq = nextval('ledger.due_seq') where run = $1`,
      [run],
    );
    laneHost.wake();
    await vi.waitFor(async () => expect((await delivery())?.state).toBe('leased'), 10_000);
    const { rows } = await world.pool.query('select fence::int from ledger.delivery where run = $1', [run]);
    expect(rows).toEqual([{ fence: 1 }]);
    release();
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 10_000);
    expect(begun).toBe(1);
  });

  it('works on it anew when it claimed it again just before it heard that its first attempt was refused', async () => {
    const ready = Promise.withResolvers<Awaited<ReturnType<LaneHostWorld['hostOf']>>>();
    const commits: string[] = [];
    const hosted = await world.hostOf(async () => placed(), {
      around: (work) => ({
        ...work,
        async commit(request) {
          const { laneHost, delivery, run } = await ready.promise;
          if (commits.length === 0) await forgetClaim(run);
          const answer = await work.commit(request);
          commits.push(answer);
          if (answer === 'refused') {
            laneHost.wake();
            await vi.waitFor(async () => expect((await delivery())?.state).toBe('leased'), 10_000);
          }
          return answer;
        },
      }),
    });
    ready.resolve(hosted);
    const { ledger, run, delivery } = hosted;
    await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 15_000);
    expect(commits).toEqual(['refused', 'committed']);
    expect(await delivery()).toMatchObject({ attempts: 0, lost: 0 });
  });

  it('leaves what another host stored, to whom the claim was given anew under the same number', async () => {
    const other = await createLeases(world.pool).enrol({ home: 'other', lane: 'light', pid: 1 });
    const fences: string[] = [];
    let tries = 0;
    let stored: ArtifactRef | undefined;
    const { ledger, run, laneHost, housekeeping } = await world.hostOf(
      async (_input, deps) => {
        const artifact = await deps.put('note.txt', { bytes: 'late' });
        tries += 1;
        if (tries === 1) throw new Transient('peer-away', 'The peer is away.');
        return { ...placed(), puts: [{ artifact }] };
      },
      {
        around: (work) => ({
          ...work,
          async commit(request) {
            fences.push(request.claim.fence);
            const { rowCount } = await world.pool.query(
              `update ledger.delivery set host = $2 where id = $1 and state = 'leased'`,
              [request.claim.id, other],
            );
            expect(rowCount).toBe(1);
            const claim = { ...request.claim, host: other };
            const theirs = deliveryArtifacts({
              ...{ claim, store: world.store, workdir: () => world.folder },
              signal: AbortSignal.timeout(10_000),
            });
            stored = await theirs.put('note.txt', { bytes: 'first' });
            await work.commit({ ...request, claim, artifacts: [stored] });
            return await work.commit(request);
          },
        }),
      },
    );
    await vi.waitFor(async () => {
      await housekeeping.promote();
      laneHost.wake();
      expect((await ledger.getRun(run))?.state).toBe('completed');
    }, 15_000);
    await vi.waitFor(() => expect(laneHost.running()).toBe(0), 10_000);
    expect(fences).toEqual(['2']);
    const [artifact] = await ledger.artifactsOf(run);
    expect(artifact?.key).toBe(stored?.key);
    expect(await world.store.head(artifact?.key ?? '')).toMatchObject({ bytes: 5 });
  });
});
