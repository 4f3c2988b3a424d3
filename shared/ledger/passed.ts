import type { Pool } from 'pg';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const LOOK = statement('look');
const PASS_OVER = statement('pass-over');

/** A delivery that stays at the head of its lane for so long was passed over, or loses nothing by moving ahead. */
const PATIENCE_MS = 5_000;

/** Finds what the lower bound of claims hides: deliveries whose transaction took a seq long before it committed. */
export interface Passed {
  /** Moves ahead what was seen at the head of its lane for too long; answers the lanes with due work. `now` in ms. */
  look(now: number): Promise<readonly string[]>;
}

export function createPassed({ pool }: { pool: Pool }): Passed {
  let seen = new Map<string, number>();
  return {
    async look(now) {
      const { rows } = await run<{ lane: string; id: string; isBounded: boolean }>(pool, LOOK, []);
      const bounded = rows.filter(({ isBounded }) => isBounded);
      seen = new Map(bounded.map(({ id }) => [id, seen.get(id) ?? now]));
      const waiting = [...seen].filter(([, since]) => now - since >= PATIENCE_MS).map(([id]) => id);
      if (waiting.length > 0) await run(pool, PASS_OVER, [waiting]);
      return [...new Set(rows.map(({ lane }) => lane))];
    },
  };
}
