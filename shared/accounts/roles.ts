import type { Pool } from '#shared/database';

/** Somebody who may do more than others. */
export interface RoleHolder {
  readonly handle: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/**
 * Gives or takes a role; it holds in the next seconds, also for who is signed in.
 *
 * @param change `who`: a handle, with or without `@` before it, or an e-mail address, in any case
 * @returns undefined where nobody is called so
 */
export async function changeRole(
  pool: Pool,
  { who, role, change }: { who: string; role: 'admin'; change: 'grant' | 'revoke' },
): Promise<RoleHolder | undefined> {
  const name = who.trim().toLowerCase().replace(/^@/, '');
  const { rows } = await pool.query<RoleHolder>(
    `update people.account
     set roles = array_remove(roles, $2) || case when $3 then array[$2] else '{}' end::text[]
     where ${name.includes('@') ? 'email' : 'handle'} = $1
     returning handle, email, roles`,
    [name, role, change === 'grant'],
  );
  return rows[0];
}

/** Everybody who has a role, in the order of their handles; at most 1,000. */
export async function listRoleHolders(pool: Pool, role: 'admin'): Promise<readonly RoleHolder[]> {
  const { rows } = await pool.query<RoleHolder>(
    'select handle, email, roles from people.account where $1 = any(roles) order by handle limit 1000',
    [role],
  );
  return rows;
}
