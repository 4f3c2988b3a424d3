import { isAccountId } from '#shared/accounts';
import { Conflict } from '#shared/errors';
import { notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { Visibility } from './gathering.ts';
import type { HeldGathering } from './hold.ts';
import { remindAnew } from './retime.ts';
import type { Times } from './when.ts';

/** What an owner says of an event. */
export interface GatheringContent {
  readonly title: string;
  readonly description: string;
  readonly place: string;
  readonly times: Times;
  readonly visibility: Visibility;
  readonly capacity: number | null;
}

/** Whom one may have at once: what a calendar's page looks through. */
const MOST_SERIES = 200;

/** @throws HttpProblem 404 for an owner who is nobody; Conflict `series-too-many` */
export async function insertGathering(
  tx: Transaction,
  { id, owner, content }: { id: string; owner: string; content: GatheringContent },
): Promise<void> {
  if (!isAccountId(owner)) throw notFound('account');
  const { times } = content;
  if (times.rule !== null || times.rdates.length > 0) await checkRoom(tx, owner);
  const made = await tx.query(
    `insert into people.gathering (id, owner, uid, title, description, place, starts, ends, all_day, zone, starts_at,
       ends_at, rule, rdates, exdates, until_at, visibility, capacity)
     select $1, a.id, $1::uuid || '@millrace', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
     from people.account a where a.id = $2 returning id`,
    [id, owner, ...valuesOf(content)],
  );
  if (made.length === 0) throw notFound('account');
}

async function checkRoom(tx: Transaction, owner: string): Promise<void> {
  const [full] = await tx.query(
    `select from people.gathering where owner = $1 and recurs and calendar is null
       and (until_at is null or until_at > ledger.ledger_now())
     offset $2 limit 1`,
    [owner, MOST_SERIES - 1],
  );
  if (full !== undefined)
    throw new Conflict(
      'series-too-many',
      `Nobody has more than ${MOST_SERIES} recurring events that still go on; delete one first.`,
      { field: 'recurrence', details: { limit: MOST_SERIES } },
    );
}

/** What changed, in words that those who come understand. */
export type GatheringChange = 'time' | 'place' | 'text' | 'visibility' | 'capacity';

/**
 * Replaces what its owner says of an event. When its times change, instances that were moved one by one are again as
 * the rule says, and reminders are reckoned anew.
 */
export async function updateGathering(
  tx: Transaction,
  { held, content }: { held: HeldGathering; content: GatheringContent },
): Promise<{ version: number; changes: readonly GatheringChange[] }> {
  const changes = changesOf(held, content);
  if (changes.length === 0) return { version: held.version, changes };
  const { times } = content;
  const isNewSeries = held.rule === null && held.rdates.length === 0;
  if (isNewSeries && (times.rule !== null || times.rdates.length > 0)) await checkRoom(tx, held.owner);
  await tx.query(
    `update people.gathering set title = $2, description = $3, place = $4, starts = $5, ends = $6, all_day = $7,
       zone = $8, starts_at = $9, ends_at = $10, rule = $11, rdates = $12, exdates = $13, until_at = $14,
       visibility = $15, capacity = $16, version = version + 1, sequence = sequence + $17::int,
       updated_at = ledger.ledger_now()
     where id = $1`,
    [held.id, ...valuesOf(content), Number(changes.includes('time'))],
  );
  if (changes.includes('time')) {
    await tx.query('delete from people.gathering where series = $1', [held.id]);
    await remindAnew(tx, held.id);
  } else if (changes.includes('visibility'))
    await tx.query('update people.gathering set visibility = $2 where series = $1', [
      held.id,
      content.visibility,
    ]);
  return { version: held.version + 1, changes };
}

/** Nobody is reminded any more. Answers whether it was not cancelled already. */
export async function cancelGathering(
  tx: Transaction,
  held: HeldGathering,
): Promise<{ version: number; changed: boolean }> {
  if (held.status === 'cancelled') return { version: held.version, changed: false };
  await tx.query(
    `update people.gathering set status = 'cancelled', version = version + 1, sequence = sequence + 1,
       updated_at = ledger.ledger_now() where id = $1`,
    [held.id],
  );
  await remindAnew(tx, held.id);
  return { version: held.version + 1, changed: true };
}

/** Whom the end of an event is told. */
const MOST_TOLD = 1_000;

/** Removes an event with all answers; answers who took part: at most 1,000, first come first. */
export async function deleteGathering(tx: Transaction, held: HeldGathering): Promise<readonly string[]> {
  const told = await tx.query<{ account: string }>(
    `select account from people.participation where gathering = $1 and state <> 'declined' order by turn limit $2`,
    [held.id, MOST_TOLD],
  );
  await tx.query('delete from people.gathering where id = $1', [held.id]);
  return told.map(({ account }) => account);
}

function valuesOf({ title, description, place, times, visibility, capacity }: GatheringContent): unknown[] {
  const { starts, ends, allDay, zone, startsAt, endsAt, rule, rdates, exdates, untilAt } = times;
  return [
    ...[
      title,
      description,
      place,
      starts,
      ends,
      allDay,
      zone,
      startsAt,
      endsAt,
      rule,
      rdates,
      exdates,
      untilAt,
    ],
    ...[visibility, capacity],
  ];
}

function changesOf(held: HeldGathering, content: GatheringContent): GatheringChange[] {
  const { times } = content;
  const when = (of: Times) =>
    JSON.stringify([of.starts, of.ends, of.zone, of.rule, [...of.rdates].sort(), [...of.exdates].sort()]);
  const changes: readonly (readonly [GatheringChange, boolean])[] = [
    ['time', when(held) !== when(times)],
    ['place', held.place !== content.place],
    ['text', held.title !== content.title || held.description !== content.description],
    ['visibility', held.visibility !== content.visibility],
    ['capacity', held.capacity !== content.capacity],
  ];
  return changes.flatMap(([name, isChanged]) => (isChanged ? [name] : []));
}
