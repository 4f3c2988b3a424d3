import type { Pool } from '#shared/database';

/** The end of a session is heard of no later than so, by other processes than the one that ended it. */
const FRESH_MS = 2_000;
const MOST_KEPT = 20_000;

export interface OpenSession {
  readonly account: string;
  /** As they are now, whatever the token says. */
  readonly roles: readonly string[];
}

/** Says whether a session is still good: a token outlives neither its session nor its account. */
export interface OpenSessions {
  /** Undefined once it is over. Looked up at most every two seconds. */
  find(session: string): Promise<OpenSession | undefined>;
  /** Something ended here: the next question is looked up. */
  forget(): void;
}

export function createOpenSessions({
  pool,
  now = () => performance.now(),
}: {
  pool: Pool;
  /** Milliseconds. */
  now?: () => number;
}): OpenSessions {
  const kept = new Map<string, { readonly at: number; readonly found: Promise<OpenSession | undefined> }>();

  async function look(session: string): Promise<OpenSession | undefined> {
    const { rows } = await pool.query<OpenSession>(OPEN, [session]);
    return rows[0];
  }

  return {
    async find(session) {
      const known = kept.get(session);
      if (known !== undefined && now() - known.at < FRESH_MS) return known.found;
      const found = look(session);
      const entry = { at: now(), found };
      // The newest last, so that the first is the oldest.
      kept.delete(session);
      kept.set(session, entry);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      found.catch(() => {
        if (kept.get(session) === entry) kept.delete(session);
      });
      return found;
    },
    forget: () => kept.clear(),
  };
}

export const OPEN = `
  select s.account, a.roles from people.session s join people.account a on a.id = s.account
  where s.id = $1 and s.revoked_at is null and s.expires_at > ledger.ledger_now()`;
