import type { Pool } from 'pg';
import { inOneTrip } from './one-trip.ts';
import { settleOrLeave } from './settle.ts';
import { statement } from './statement.ts';

const LOCK = statement('batch-settle-lock');
const SETTLE = statement('batch-settle');

/**
 * Looks whether runs have settled, with all whose deliveries end while an earlier look is on its way. Best effort,
 * like every look after a commit: the scheduler settles what is left behind.
 *
 * @returns resolves once the run was looked at
 */
export function createSettling({
  pool,
  source,
  wake,
}: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): (run: string) => Promise<void> {
  const ended = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  let nextLook: Promise<void> | undefined;

  async function look(runs: readonly string[]): Promise<void> {
    const rows = await inOneTrip<{ lanes: string[]; left: string[] }>(pool, [
      [LOCK, [runs]],
      [SETTLE, [runs, source]],
    ]).catch(() => []);
    for (const id of rows[0]?.left ?? []) wake((await settleOrLeave(pool, source, id)).lanes);
    wake(rows[0]?.lanes ?? []);
  }

  return (run) => {
    ended.add(run);
    nextLook ??= looking.then(async () => {
      nextLook = undefined;
      const runs = [...ended].sort();
      ended.clear();
      looking = look(runs);
      await looking;
    });
    return nextLook;
  };
}
