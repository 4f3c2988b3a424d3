import { isAccountId } from '#shared/accounts';
import type { WrittenEntry } from '#shared/calendar';
import type { Pool } from '#shared/database';
import { CALENDAR, type Calendar, OWN } from './calendar.ts';
import { entriesOf, gatheringEntries } from './entries.ts';
import { FEED, type Feed } from './feed.ts';

/** Where a page goes on: newest first. */
export interface CalendarsQuery {
  readonly owner: string;
  readonly before: { readonly at: Date; readonly id: string };
  readonly limit: number;
}

/** What is read of calendars; what changes them is done in the transaction of a function. */
export interface Calendars {
  find(request: { owner: string; id: string }): Promise<Calendar | undefined>;
  /** The one that a secret address ends with. */
  byToken(token: string): Promise<Calendar | undefined>;
  /** Those that came from outside, newest first. */
  list(query: CalendarsQuery): Promise<readonly Calendar[]>;
  entries(calendar: Calendar): Promise<readonly WrittenEntry[]>;
  /** An event with its moved instances, as somebody may see it. */
  gathering(request: {
    id: string;
    viewer: string;
  }): Promise<{ title: string; entries: readonly WrittenEntry[] } | undefined>;
  /** What is needed to look at a feed again; undefined where it is gone. */
  feed(id: string): Promise<Feed | undefined>;
}

/** $1: owner; $2, $3: what the page comes after; $4: how many. */
export const LIST = `
  select ${CALENDAR} from people.calendar c
  where c.owner = $1 and c.kind <> 'own' and (c.created_at, c.id) < ($2, $3::uuid)
  order by c.created_at desc, c.id desc limit $4`;

export const BY_TOKEN = `select ${CALENDAR} from people.calendar c where c.feed_token = $1`;

export function createCalendars({ pool }: { pool: Pool }): Calendars {
  async function own(account: string): Promise<Calendar | undefined> {
    const { rows } = await pool.query<Calendar>(OWN, [account]);
    return rows[0];
  }

  return {
    async find({ owner, id }) {
      if (!isAccountId(owner) || !isAccountId(id)) return undefined;
      if (id === owner) return own(owner);
      const { rows } = await pool.query<Calendar>(
        `select ${CALENDAR} from people.calendar c where c.id = $1 and c.owner = $2`,
        [id, owner],
      );
      return rows[0];
    },
    async byToken(token) {
      const { rows } = await pool.query<Calendar>(BY_TOKEN, [token]);
      const [found] = rows;
      return found?.kind === 'own' ? own(found.owner) : found;
    },
    async list({ owner, before, limit }) {
      if (!isAccountId(owner)) return [];
      const { rows } = await pool.query<Calendar>(LIST, [owner, before.at, before.id, limit]);
      return rows;
    },
    entries: (calendar) => entriesOf(pool, calendar),
    gathering: (request) => gatheringEntries(pool, request),
    async feed(id) {
      const { rows } = await pool.query<Feed>(FEED, [id]);
      return rows[0];
    },
  };
}
