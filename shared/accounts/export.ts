import type { Pool } from '#shared/database';
import { EXPORT_PARTS, type ExportPart } from './export-parts.ts';

const PARTS = Object.keys(EXPORT_PARTS) as readonly ExportPart[];
const CURSOR = /^([A-Za-z]{1,40})(?:~(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([0-9a-f-]{36}))?$/;
/** Comes after everything. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A page of what somebody takes with him. */
export interface ExportPage {
  readonly kind: ExportPart;
  /** Each with when it was made. */
  readonly entries: readonly (Readonly<Record<string, unknown>> & { readonly at: string })[];
  /** Where the next page begins; absent at the end. */
  readonly next: string | undefined;
}

/** Where the first page begins. */
export const EXPORT_START: string = PARTS[0] ?? '';

/**
 * A page of one kind of things, from a place that the page before named; kinds of which there is nothing are passed over.
 *
 * @returns undefined where the place is none
 */
export async function readExport(
  pool: Pool,
  { account, from, limit }: { account: string; from: string; limit: number },
): Promise<ExportPage | undefined> {
  const [, name, time = 'infinity', id = LAST_ID] = CURSOR.exec(from) ?? [];
  const kind = PARTS.find((part) => part === name);
  if (kind === undefined) return undefined;
  const after = time === 'infinity' ? time : new Date(time).toISOString();
  const { rows } = await pool.query<{ at: Date; id: string; entry: Record<string, unknown> }>(
    EXPORT_PARTS[kind],
    [account, after, id, limit + 1],
  );
  const entries = rows.slice(0, limit);
  const following = PARTS[PARTS.indexOf(kind) + 1];
  if (entries.length === 0 && following !== undefined)
    return readExport(pool, { account, from: following, limit });
  const last = entries.at(-1);
  const next =
    rows.length > limit && last !== undefined ? `${kind}~${last.at.toISOString()}~${last.id}` : following;
  return { kind, entries: entries.map(({ at, entry }) => ({ ...entry, at: at.toISOString() })), next };
}
