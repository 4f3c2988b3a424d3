import { instantOf, type LocalTime } from '#shared/calendar';
import { Conflict } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { HeldGathering } from './hold.ts';
import { localEnd, recurs, timesOf } from './instances.ts';
import { remindAnew } from './retime.ts';
import type { Times } from './when.ts';

/** How one instance differs from its series. */
export interface InstanceContent {
  readonly status: 'scheduled' | 'cancelled';
  readonly title: string | undefined;
  readonly place: string | undefined;
  /** As the rule says where left out. */
  readonly times: Pick<Times, 'starts' | 'ends' | 'allDay' | 'zone' | 'startsAt' | 'endsAt'> | undefined;
}

const MOST_MOVED = 500;
const SECOND = 1_000;

/**
 * Moves or cancels one instance of a series that is held.
 *
 * @throws HttpProblem 404 where the series has no such instance; Conflict `moved-too-many`
 */
export async function moveInstance(
  tx: Transaction,
  request: { held: HeldGathering; id: string; recurrenceId: LocalTime; content: InstanceContent },
): Promise<{ version: number }> {
  const { held, id, recurrenceId, content } = request;
  const own = recurs(held) ? instanceAt(held, recurrenceId) : undefined;
  if (own === undefined) throw notFound('instance of this event');
  if (held.moved.length >= MOST_MOVED && !held.moved.some((one) => one.recurrenceId === recurrenceId))
    throw new Conflict(
      'moved-too-many',
      `A series has at most ${MOST_MOVED} instances that differ from it.`,
      {
        details: { limit: MOST_MOVED },
      },
    );
  const times = content.times ?? own;
  await tx.query(MOVE, [
    ...[id, held.id, recurrenceId, content.title ?? held.title, content.place ?? held.place],
    ...[times.starts, times.ends, times.allDay, times.zone, times.startsAt, times.endsAt, content.status],
  ]);
  await tx.query(
    `update people.gathering set version = version + 1, updated_at = ledger.ledger_now(),
       until_at = case when until_at is null then null else greatest(until_at, $2::timestamptz) end
     where id = $1`,
    [held.id, times.endsAt],
  );
  await remindAnew(tx, held.id);
  return { version: held.version + 1 };
}

/** What the rule says of it. */
function instanceAt(held: HeldGathering, recurrenceId: LocalTime): InstanceContent['times'] {
  if ((recurrenceId.length === 10) !== held.allDay) return undefined;
  const at = instantOf(recurrenceId, held.zone ?? 'UTC');
  const window = { from: at, to: new Date(at.getTime() + SECOND), limit: 10 };
  const found = timesOf({ ...held, moved: [] }, window).find((one) => one.recurrenceId === recurrenceId);
  if (found === undefined) return undefined;
  const { startsAt, endsAt } = found;
  const { allDay, zone } = held;
  return { starts: found.start, ends: localEnd(held, endsAt), allDay, zone, startsAt, endsAt };
}

const MOVE = `
  insert into people.gathering as g (id, owner, calendar, uid, series, recurrence_id, title, description, place,
    starts, ends, all_day, zone, starts_at, ends_at, status, visibility, until_at)
  select $1, s.owner, s.calendar, s.uid, s.id, $3, $4, s.description, $5, $6, $7, $8, $9, $10, $11, $12, s.visibility, $11
  from people.gathering s where s.id = $2
  on conflict (series, recurrence_id) where series is not null do update set title = excluded.title,
    place = excluded.place, starts = excluded.starts, ends = excluded.ends, all_day = excluded.all_day,
    zone = excluded.zone, starts_at = excluded.starts_at, ends_at = excluded.ends_at, status = excluded.status,
    until_at = excluded.until_at, version = g.version + 1, updated_at = ledger.ledger_now()`;
