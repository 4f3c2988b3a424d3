import type { Pool } from '#shared/database';
import { visibleTo } from '#shared/gatherings';
import type { Named } from './post.ts';

/** An event as a feed shows it; the rest of it is read under its own path. */
export interface FeedEvent {
  readonly id: string;
  readonly owner: Named;
  readonly title: string;
  readonly place: string;
  readonly starts: string;
  readonly ends: string;
  readonly zone: string | null;
  readonly startsAt: Date;
  readonly recurs: boolean;
  readonly status: 'scheduled' | 'cancelled';
  readonly going: number;
  readonly createdAt: Date;
}

/** Those of the ids that somebody sees, in no order. */
export async function feedEvents(
  pool: Pool,
  { ids, viewer }: { ids: readonly string[]; viewer: string },
): Promise<readonly FeedEvent[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<FeedEvent>({ name: 'feed-events', text: EVENTS, values: [ids, viewer] });
  return rows;
}

/** $1: ids; $2: who looks. */
export const EVENTS = `
  select g.id, jsonb_build_object('id', o.id, 'handle', o.handle, 'name', o.name) as owner, g.title, g.place,
    g.starts, g.ends, g.zone, g.starts_at as "startsAt", g.recurs, g.status, g.going, g.created_at as "createdAt"
  from people.gathering g join people.account o on o.id = g.owner
  where g.id = any($1::uuid[]) and ${visibleTo('$2')}`;
