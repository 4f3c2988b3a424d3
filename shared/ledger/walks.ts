import type { Pool } from 'pg';

/** The walks of the sweep round the buckets. Their place and their pace are the ledger's: any number of processes make one walk. */
export interface Walks {
  /**
   * The turn to look at a walk's next page, if it has come: one every `everyMs` (ledger time), whoever asks. `burstMs`:
   * pages of so long a time may be looked at together by who comes seldom.
   *
   * @returns where it goes on (undefined: at the beginning), or undefined: not yet
   */
  takePage(request: {
    walk: string;
    everyMs: number;
    burstMs: number;
  }): Promise<{ readonly after: string | undefined } | undefined>;
  /** Remembers how far the walk has come; undefined: it came to the end. */
  walkedTo(position: { walk: string; after: string | undefined }): Promise<void>;
}

/** A turn later than one period from now can only be of a clock that went back. */
const TAKE_PAGE = `
  insert into ledger.sweep as s (prefix, after, next_at)
  values ($1, '', ledger.ledger_now() + ($2::float8 - $3::float8) * interval '1 millisecond')
  on conflict (prefix) do update set next_at = least(
    greatest(s.next_at + $2::float8 * interval '1 millisecond', ledger.ledger_now() - $3::float8 * interval '1 millisecond'),
    ledger.ledger_now() + $2::float8 * interval '1 millisecond')
  where s.next_at not between ledger.ledger_now() and ledger.ledger_now() + $2::float8 * interval '1 millisecond'
  returning after`;

export function createWalks({ pool }: { pool: Pool }): Walks {
  return {
    async takePage({ walk, everyMs, burstMs }) {
      const { rows } = await pool.query<{ after: string }>(TAKE_PAGE, [walk, everyMs, burstMs]);
      return rows[0] && { after: rows[0].after || undefined };
    },
    async walkedTo({ walk, after }) {
      await pool.query('update ledger.sweep set after = $2 where prefix = $1', [walk, after ?? '']);
    },
  };
}
