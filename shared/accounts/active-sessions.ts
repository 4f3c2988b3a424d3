import type { Pool } from '#shared/database';

/** More are not counted: a look stays cheap. */
const MOST = 100_000;

/** Devices on which somebody is signed in now; {@link MOST} where there are more. */
export async function countActiveSessions(pool: Pool): Promise<number> {
  const found = await pool.query<{ count: number }>(
    `select count(*)::int as count from (
       select from people.session where expires_at > clock_timestamp() and revoked_at is null limit $1) s`,
    [MOST],
  );
  return found.rows[0]?.count ?? 0;
}
