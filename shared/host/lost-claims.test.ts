import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
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
    const { run, ledger, laneHost, delivery } = await world.hostOf(async () => {
      begun += 1;
      await held;
      return placed();
    });
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
});
