import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { newRunId } from '#shared/ledger';
import { until } from '../../end-to-end/processes.ts';
import { filesUnder } from '../../end-to-end/product.ts';
import { keepRunsDays, leftoverDays } from '../platform/messages.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { type Approach, inState, started, tick } from './approach.ts';

const DAY_MS = 86_400_000;

const filesOf = async (platform: TestPlatform, runs: readonly string[]) =>
  (await filesUnder(platform.objects)).filter((path) => runs.some((run) => path.includes(run)));

const rowsOf = (platform: TestPlatform, runs: readonly string[]) =>
  platform.rows(
    `select id from ledger.run where id = any ($1) union all select run from ledger.event where run = any ($1)
     union all select run from ledger.delivery where run = any ($1)
     union all select run from ledger.artifact where run = any ($1)`,
    [runs],
  );

async function makeOld(platform: TestPlatform, paths: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - (leftoverDays + 1) * DAY_MS);
  for (const path of paths) await utimes(join(platform.objects, path), then, then);
}

async function tickNow(platform: TestPlatform, settled: () => Promise<void>): Promise<void> {
  await tick(platform, 'expire-runs');
  await settled();
}

/** What a death left of removed runs in the store goes with the sweep, once it is old. */
function removed(platform: TestPlatform, runs: readonly string[]) {
  return async (settled: () => Promise<void>): Promise<void> => {
    await settled();
    expect(await rowsOf(platform, runs)).toEqual([]);
    await makeOld(platform, await filesOf(platform, runs));
    await tickNow(platform, settled);
    expect(await filesOf(platform, runs)).toEqual([]);
  };
}

export const removing: Approach = async (platform) => {
  const run = await started(platform, 'does its work');
  await inState(platform, run, 'completed');
  return { order: { kind: 'remove', run }, afterwards: removed(platform, [run]) };
};

export const expiring: Approach = async (platform) => {
  const run = await started(platform, 'does its work');
  await inState(platform, run, 'completed');
  await platform.rows('update ledger.run set settled_at = settled_at - $2::interval where id = $1', [
    run,
    `${keepRunsDays + 1} days`,
  ]);
  await tick(platform, 'expire-runs');
  return { afterwards: removed(platform, [run]) };
};

export const sweeping: Approach = async (platform) => {
  const run = newRunId();
  const stray = `runs/${run}/${newRunId()}/1-abcdefabcd/stray.txt`;
  await mkdir(dirname(join(platform.objects, stray)), { recursive: true });
  await writeFile(join(platform.objects, stray), 'nobody knows me');
  await makeOld(platform, [stray]);
  await tick(platform, 'expire-runs');
  return {
    async afterwards(settled) {
      await settled();
      expect(await filesOf(platform, [run])).toEqual([]);
    },
  };
};

/** Asked once, by somebody who does not ask again: what dies on the way goes on by itself. */
const erasing =
  (begins: 'by the ingress' | 'by a tick'): Approach =>
  async (platform, { ingress }) => {
    const account = `eve-${newRunId()}`;
    const runs = await Promise.all(
      ['does its work', 'does its work', 'takes long'].map((topic) => started(platform, topic, account)),
    );
    for (const [at, run] of runs.entries()) await inState(platform, run, at === 2 ? 'leased' : 'completed');
    const dropped = join(platform.inbox, 'scripts', account, '.not yet whole.md');
    await mkdir(dirname(dropped), { recursive: true });
    await writeFile(dropped, 'mine');
    if (begins === 'by the ingress') void ingress.order({ kind: 'erase', account }).catch(() => undefined);
    else {
      await platform.rows('insert into ledger.erasure (account, requested_by) values ($1, $1)', [account]);
      await tick(platform, 'expire-runs');
    }
    return {
      async afterwards(settled) {
        const isAsked = async () =>
          (await platform.rows('select from ledger.erasure where account = $1', [account])).length === 1;
        // It died before it had said yes: nothing was promised and nothing is gone.
        if (!(await isAsked())) return;
        await tickNow(platform, settled);
        await until({
          what: `the erasure of ${account} ends by itself`,
          limitMs: 60_000,
          look: async () =>
            (
              await platform.rows(
                'select from ledger.erasure where account = $1 and finished_at is not null',
                [account],
              )
            ).length === 1,
        });
        expect(await rowsOf(platform, runs)).toEqual([]);
        expect(await filesOf(platform, runs)).toEqual([]);
        expect(await filesUnder(dirname(dropped))).toEqual([]);
      },
    };
  };

export const erasingAtOnce = erasing('by the ingress');
export const erasingByTick = erasing('by a tick');
