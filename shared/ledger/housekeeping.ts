import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import { createClockWatch } from './clock-watch.ts';
import { createPassed } from './passed.ts';
import { tickSchedules } from './schedules.ts';
import { settle, settleOrLeave } from './settle.ts';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const PROMOTE = statement('promote');
const BURY_HOSTS = statement('bury-hosts');
const TAKE_OVER = statement('take-over');
const UNSETTLED = statement('unsettled');

const PROMOTE_BATCH = 1_000;
/** A delivery is dead after so many losses alone in a process. */
const MAX_SOLO_LOSSES = 5;

/** What the scheduler does with the ledger. */
export interface Housekeeping {
  /** Makes due what was put off and has come of age. */
  promote(): Promise<void>;
  /**
   * Declares hosts dead (silent for too long, of a platform that starts anew, or seen dying) and makes their
   * deliveries due again.
   */
  takeOver(request: { silentMs: number; home?: string; hosts?: readonly string[] }): Promise<void>;
  /** Settles runs whose last committer died before it could look. */
  settleStranded(): Promise<void>;
  /** Fires the schedules whose time has come. */
  tick(): Promise<void>;
  /**
   * Lanes that have due work. Looks from the very beginning, below the bound of all claims, and moves ahead what waits
   * there: the slower it is, the more seldom it should be called.
   */
  dueLanes(): Promise<readonly string[]>;
  /** Sees whether ledger time went back, and mends what would wait for it to come again. */
  watchClock(): Promise<void>;
}

export function createHousekeeping(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): Housekeeping {
  const { pool, source, wake } = options;
  const passed = createPassed({ pool });
  const clock = createClockWatch({ pool });
  return {
    async promote() {
      const { rows } = await run<{ lane: string }>(pool, PROMOTE, [PROMOTE_BATCH]);
      if (rows.length > 0) await reach('promote.unannounced');
      wake([...new Set(rows.map(({ lane }) => lane))]);
    },
    async takeOver({ silentMs, home, hosts }) {
      const { count } = await run(pool, BURY_HOSTS, [silentMs, home ?? null, hosts ?? []]);
      if (count > 0) await reach('takeover.buried');
      for (;;) {
        const { rows } = await run<{ lane: string; run: string; state: string }>(pool, TAKE_OVER, [
          MAX_SOLO_LOSSES,
        ]);
        if (rows.length === 0) return;
        await reach('takeover.released');
        wake([...new Set(rows.filter(({ state }) => state === 'due').map(({ lane }) => lane))]);
        for (const { run: id } of rows.filter(({ state }) => state === 'dead')) {
          wake((await settleOrLeave(pool, source, id)).lanes);
        }
      }
    },
    async settleStranded() {
      const { rows } = await run<{ id: string }>(pool, UNSETTLED, [100]);
      if (rows.length > 0) await reach('stranded.found');
      const failures: unknown[] = [];
      // One that cannot be settled keeps nobody behind it from being settled.
      for (const { id } of rows) {
        await settle(pool, source, id).then(
          ({ lanes }) => wake(lanes),
          (error: unknown) => failures.push(error),
        );
      }
      if (failures.length > 0) throw failures[0];
    },
    async tick() {
      const { lanes, failures } = await tickSchedules(pool, source);
      wake(lanes);
      if (failures.length > 0) throw failures[0];
    },
    dueLanes: () => passed.look(performance.now()),
    watchClock: () => clock.look(performance.now()),
  };
}
