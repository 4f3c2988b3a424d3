import type { Pool } from 'pg';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const WAKE_UP = statement('wake-up');

/** One sending of a wake-up: the CloudEvent `{delivery}.{number}` for a function. */
export interface WakeUp {
  readonly delivery: string;
  /** Leaf name: whoever serves it is woken and nobody else. */
  readonly function: string;
  /** Counts the sendings of this delivery, from 1: one that is sent again is never taken for a copy. */
  readonly number: number;
}

/** Wake-ups by name, for whatever carries them to those who claim only what they are told of. */
export interface WakeUps {
  /**
   * Takes what is to be woken now; once taken it counts as sent, and comes again later while it is still due.
   *
   * `of`: `new` is what was just made due for services, for who has made it so; `all` is everything, also jobs and what
   * is still due after a wake-up, for the scheduler.
   */
  take(request: { lanes: readonly string[]; of: 'new' | 'all'; limit: number }): Promise<readonly WakeUp[]>;
}

export function createWakeUps({ pool }: { pool: Pool }): WakeUps {
  return {
    async take({ lanes, of, limit }) {
      const { rows } = await run<WakeUp & Record<string, unknown>>(pool, WAKE_UP, [
        lanes,
        of === 'new',
        limit,
      ]);
      return rows;
    },
  };
}
