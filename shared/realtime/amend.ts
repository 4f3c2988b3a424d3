import type { Transaction } from '#shared/ledger';

/**
 * Changes what was told of a thing (by `data.id`): whoever comes back later does not hear what was deleted meanwhile, and
 * it is kept no longer than the thing itself. Whoever heard it is told the change by `publish`.
 *
 * @param amended `changes` are laid over the data; `types` are those that carry them
 */
export async function amend(
  tx: Transaction,
  amended: { id: string; types: readonly string[]; changes: object },
): Promise<void> {
  await tx.query(AMEND, [amended.id, amended.types, JSON.stringify(amended.changes)]);
}

export const AMEND = `
  update people.told set data = data || $3::jsonb where data ? 'id' and data->>'id' = $1 and type = any($2::text[])`;
