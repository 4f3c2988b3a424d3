import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { type Frame, frameOf } from './frame.ts';

/** What somebody heard. */
export interface Heard {
  readonly account: string;
  readonly position: bigint;
  readonly frame: Frame;
}

/** How long what was told can be heard afterwards. */
const KEPT_HOURS = 48;
const PRUNED_AT_ONCE = 500;
/** Of each, in a look at many. */
export const EACH_AT_MOST = 100;

/** What people heard, as it is read and forgotten. */
export interface HeardReader {
  /** The position that somebody was given last; 0 for who never heard anything. */
  last(account: string): Promise<bigint>;
  /** What comes after a position, in order. */
  after(account: string, position: bigint, limit: number): Promise<readonly Heard[]>;
  /** The same for many at once, {@link EACH_AT_MOST} of each. */
  afterEach(positions: ReadonlyMap<string, bigint>): Promise<readonly Heard[]>;
  /** The last positions of those who heard anything. */
  lasts(accounts: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** Those among them that are over. */
  endedSessions(sessions: readonly string[]): Promise<readonly string[]>;
  /** Forgets what is older than two days. */
  prune(): Promise<void>;
}

interface Row {
  readonly account: string;
  readonly position: bigint;
  readonly type: string;
  readonly data: object;
  readonly at: Date;
}

export function createHeardReader({ pool }: { pool: Pool }): HeardReader {
  const lasts: HeardReader['lasts'] = async (accounts) => {
    const { rows } = await pool.query<{ account: string; last: bigint }>({
      ...{ name: 'realtime-lasts', text: LASTS },
      values: [accounts.filter(isAccountId)],
    });
    return new Map(rows.map(({ account, last }) => [account, last]));
  };

  return {
    lasts,
    // The account of a token that the operator made may be any name: nothing is told to such.
    last: async (account) => (await lasts([account])).get(account) ?? 0n,
    async after(account, position, limit) {
      if (!isAccountId(account)) return [];
      const { rows } = await pool.query<Row>({
        ...{ name: 'realtime-after', text: AFTER },
        values: [account, position, limit],
      });
      return rows.map(heard);
    },
    async afterEach(positions) {
      const known = [...positions].filter(([account]) => isAccountId(account));
      if (known.length === 0) return [];
      const { rows } = await pool.query<Row>({
        ...{ name: 'realtime-after-each', text: AFTER_EACH },
        values: [known.map(([account]) => account), known.map(([, position]) => position), EACH_AT_MOST],
      });
      return rows.map(heard);
    },
    async endedSessions(sessions) {
      const { rows } = await pool.query<{ session: string }>({
        ...{ name: 'realtime-sessions', text: ENDED_SESSIONS },
        values: [sessions],
      });
      return rows.map(({ session }) => session);
    },
    async prune() {
      await pool.query(FORGET_TICKETS);
      for (;;) {
        const { rowCount } = await pool.query(FORGET, [KEPT_HOURS, PRUNED_AT_ONCE]);
        if ((rowCount ?? 0) < PRUNED_AT_ONCE) return;
      }
    },
  };
}

function heard({ account, position, type, data, at }: Row): Heard {
  return {
    account,
    position,
    frame: frameOf({ type, cursor: String(position), at: at.toISOString(), data }),
  };
}

export const LASTS = 'select account, last from people.hearer where account = any($1::uuid[])';

export const AFTER = `
  select h.account, h.position, t.type, t.data, t.at
  from people.heard h join people.told t on t.id = h.told
  where h.account = $1 and h.position > $2
  order by h.position limit $3`;

export const AFTER_EACH = `
  select asked.account, h.position, t.type, t.data, t.at
  from unnest($1::uuid[], $2::bigint[]) as asked (account, after)
  cross join lateral (
    select position, told from people.heard
    where account = asked.account and position > asked.after
    order by position limit $3
  ) h
  join people.told t on t.id = h.told
  order by asked.account, h.position`;

export const ENDED_SESSIONS = `
  select asked.session from unnest($1::uuid[]) as asked (session)
  left join lateral (
    select true as open from people.session where id = asked.session and revoked_at is null limit 1
  ) found on true
  where found.open is null`;

/** The time is read once: for each row it would be another, and no index would help. */
export const FORGET = `
  delete from people.told where id = any(array(
    select id from people.told where at < (select ledger.ledger_now() - $1::int * interval '1 hour')
    order by at limit $2 for update skip locked))`;

const FORGET_TICKETS = 'delete from people.stream_ticket where expires_at < (select ledger.ledger_now())';
