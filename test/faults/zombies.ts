import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from '../end-to-end/processes.ts';
import { expectGuarantees } from './platform/expect-guarantees.ts';
import { chainRun, type TestPlatform } from './platform/platform.ts';
import type { Role } from './platform/role.ts';

const MOST_TRIES = 4;

/**
 * A worker stops when its work is done; another one does it anew and commits; the first wakes, and tries to commit. On a
 * busy machine it may learn first that it is dead, and end without a try: then once more from the beginning.
 */
export async function lateWorkerIsRefused(platform: TestPlatform): Promise<void> {
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    if (await wakesAndTries(platform)) return;
    await platform.reset();
  }
  throw new Error(`the late worker ended ${MOST_TRIES} times before it tried to commit`);
}

/** Answers false where it never tried. */
async function wakesAndTries(platform: TestPlatform): Promise<boolean> {
  const paused = await platform.start('worker');
  platform.forget(paused);
  await platform.start('scheduler');
  platform.faults.ask('handle.done', 'stop');
  await platform.ledger.publish(chainRun());
  await platform.faults.taken('handle.done', 'stop');
  await silence(platform, paused);
  await platform.start('worker');
  await platform.settled();
  const winners = await platform.rows('select object_key, sha256 from ledger.artifact order by 1');
  expect(winners).toHaveLength(2);

  platform.faults.ask('commit.locked', 'hold');
  paused.signal('SIGCONT');
  const tried = platform.faults.taken('commit.locked', 'hold');
  tried.catch(() => undefined);
  const pid = await Promise.race([tried, paused.ended.then(() => undefined)]);
  if (pid === undefined) return false;
  expect(pid).toBe(paused.pid);
  platform.faults.release('commit.locked');
  await until({
    what: 'the late worker has let go',
    limitMs: 60_000,
    look: async () => !platform.isAlive(paused) || (await leftAside(platform)) === 0,
  });
  expect(await platform.rows('select object_key, sha256 from ledger.artifact order by 1')).toEqual(winners);
  await expectGuarantees({ pool: platform.pool, objects: platform.stored, leftovers: true });
  return true;
}

/** A worker stops in the middle of its commit; it wakes while another one waits for what it holds. */
export async function stoppedWithTheFence(platform: TestPlatform): Promise<void> {
  const paused = await platform.start('worker');
  platform.forget(paused);
  await platform.start('scheduler');
  platform.faults.ask('commit.fenced', 'stop');
  await platform.ledger.publish(chainRun());
  await platform.faults.taken('commit.fenced', 'stop');
  await silence(platform, paused);
  await platform.start('worker');
  await sleep(2_500);
  paused.signal('SIGCONT');
  await platform.settled();
  await expectGuarantees({ pool: platform.pool, objects: platform.stored, leftovers: true });
}

/** Objects of attempts that no row names. */
export async function leftAside(platform: TestPlatform): Promise<number> {
  const rows = await platform.rows<{ object_key: string }>('select object_key from ledger.artifact');
  const named = new Set(rows.map(({ object_key }) => object_key));
  return (await platform.stored.keys()).filter((key) => key.startsWith('runs/') && !named.has(key)).length;
}

const silence = (platform: TestPlatform, worker: Role) =>
  platform.rows(`update ledger.host set renewed_at = renewed_at - interval '1 minute' where id = $1`, [
    worker.host,
  ]);
