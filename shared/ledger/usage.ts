import type { Pool } from 'pg';

/** Pages that a look reads at most, 8 kB each: of a larger table a sample of so many. */
const MOST_PAGES = 4_000;

/** Bytes in the store that steps of runs made and that are kept, by function. */
export interface StorageUsage {
  readonly functions: readonly { readonly function: string; readonly bytes: number }[];
}

/**
 * What the ledger knows of the bytes in the store. What a replay took over from another run counts once, where it was made.
 * Exact up to half a million artifacts; of more it reads a sample of pages, and answers what follows from it.
 */
export async function readUsage(pool: Pool): Promise<StorageUsage> {
  const size = await pool.query<{ pages: number }>(
    `select (pg_relation_size('ledger.artifact') / current_setting('block_size')::int)::int as pages`,
  );
  const share = Math.min(1, MOST_PAGES / Math.max(1, size.rows[0]?.pages ?? 0));
  const found = await pool.query<{ function: string; bytes: number }>(
    `select f.name as function, coalesce(a.bytes, 0)::double precision as bytes
     from ledger.function f left join (
       select function, sum(bytes) / $1::double precision as bytes
       from ledger.artifact tablesample system ($1::double precision * 100)
       where object_key like 'runs/' || run || '/%'
       group by function) a on a.function = f.name
     where f.active or a.bytes > 0 order by f.name`,
    [share],
  );
  return { functions: found.rows };
}
