import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';

export interface Profile {
  readonly handle: string;
  readonly name: string;
  readonly about: string;
  /** Whoever wants to follow asks first; as it was where left out. */
  readonly private?: boolean | undefined;
}

export type UpdatedProfile =
  | { readonly state: 'updated'; readonly version: number }
  | { readonly state: 'unknown' }
  /** It is not, or no longer, the version that was asked for. */
  | { readonly state: 'changed' };

/**
 * @param request `versions`: it must be one of these; any where left out
 * @throws Conflict `handle-taken`
 */
export async function updateProfile(
  tx: Transaction,
  request: { account: string; profile: Profile; versions: readonly number[] | undefined },
): Promise<UpdatedProfile> {
  const { account, profile, versions } = request;
  const [found] = await tx.query<{ version: number }>(
    'select version from people.account where id = $1 for update',
    [account],
  );
  if (found === undefined) return { state: 'unknown' };
  if (versions !== undefined && !versions.includes(found.version)) return { state: 'changed' };
  const version = found.version + 1;
  await tx
    .query(
      'update people.account set handle = $2, name = $3, about = $4, private = coalesce($5, private), version = $6 where id = $1',
      [account, profile.handle, profile.name, profile.about, profile.private ?? null, version],
    )
    .catch((error: unknown) => {
      const { code, constraint } = error as { code?: unknown; constraint?: unknown };
      if (code === '23505' && constraint === 'account_handle') throw handleTaken();
      throw error;
    });
  return { state: 'updated', version };
}

export function handleTaken(): Conflict {
  return new Conflict('handle-taken', 'Somebody has this handle; take another.', { field: 'handle' });
}
