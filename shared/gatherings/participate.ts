import { Conflict } from '#shared/errors';
import type { Transaction } from '#shared/ledger';
import type { ParticipationState } from './gathering.ts';
import type { HeldGathering } from './hold.ts';

/** What somebody asks for; whether there is a place is not his to say. */
export type Answer = 'going' | 'maybe' | 'declined';

export interface Participated {
  readonly state: ParticipationState;
  /** Whether it was otherwise before. */
  readonly changed: boolean;
  /** Who moved up to his place. */
  readonly promoted: readonly string[];
}

/** Moved up in one transaction; what is left is for the next tick. */
const MOST_PROMOTED = 500;

/**
 * Takes somebody's answer to an event that is held. Who comes first has a place; who asks later waits, and keeps his turn
 * however often he asks.
 *
 * @throws Conflict `event-cancelled`, `event-over`
 */
export async function participate(
  tx: Transaction,
  request: { held: HeldGathering; account: string; answer: Answer; remindMinutes: number | null },
): Promise<Participated> {
  const { held, account, answer, remindMinutes } = request;
  if (answer !== 'declined') checkOpen(held);
  const before = await stateOf(tx, { held, account });
  const state = answer === 'going' ? await placeFor(tx, { held, before }) : answer;
  await tx.query(SAY, [held.id, account, state, remindMinutes]);
  const promoted = before === 'going' && state !== 'going' ? await promote(tx, held.id) : [];
  return { state, changed: before !== state, promoted };
}

/** Takes an answer back. Answers what it was, and who moved up. */
export async function leave(
  tx: Transaction,
  { held, account }: { held: HeldGathering; account: string },
): Promise<{ was: ParticipationState | undefined; promoted: readonly string[] }> {
  const [gone] = await tx.query<{ state: ParticipationState }>(
    'delete from people.participation where gathering = $1 and account = $2 returning state',
    [held.id, account],
  );
  return { was: gone?.state, promoted: gone?.state === 'going' ? await promote(tx, held.id) : [] };
}

/**
 * Moves those up who wait, first come first, as far as there is room; at most 500 at once. The event is held, or locked
 * here. Nobody moves up in an event that is cancelled.
 */
export async function promote(tx: Transaction, gathering: string): Promise<readonly string[]> {
  const [found] = await tx.query<{ room: number }>(
    `select least($2, coalesce(capacity - going, $2)) as room from people.gathering
     where id = $1 and status = 'scheduled' and waiting > 0 for no key update`,
    [gathering, MOST_PROMOTED],
  );
  if (found === undefined || found.room <= 0) return [];
  const promoted = await tx.query<{ account: string; turn: string }>(PROMOTE, [gathering, found.room]);
  return promoted.toSorted((a, b) => Number(BigInt(a.turn) - BigInt(b.turn))).map(({ account }) => account);
}

/** Events where somebody waits though there is room: after an account went, or where more than 500 could move up. */
export async function withRoom(tx: Transaction, limit: number): Promise<readonly string[]> {
  const found = await tx.query<{ id: string }>(WITH_ROOM, [limit]);
  return found.map(({ id }) => id);
}

export const WITH_ROOM = `
  select id from people.gathering
  where waiting > 0 and (capacity is null or going < capacity) and status = 'scheduled'
  order by id limit $1 for no key update skip locked`;

function checkOpen(held: HeldGathering): void {
  if (held.status === 'cancelled') throw new Conflict('event-cancelled', 'The event was cancelled.');
  if (held.untilAt !== null && held.untilAt < held.now)
    throw new Conflict('event-over', 'The event is over; nobody can join it any more.');
}

async function stateOf(
  tx: Transaction,
  { held, account }: { held: HeldGathering; account: string },
): Promise<ParticipationState | undefined> {
  const [found] = await tx.query<{ state: ParticipationState }>(
    'select state from people.participation where gathering = $1 and account = $2',
    [held.id, account],
  );
  return found?.state;
}

/** Whoever has a place, or a turn, keeps it. Nobody passes those who wait. */
async function placeFor(
  tx: Transaction,
  { held, before }: { held: HeldGathering; before: ParticipationState | undefined },
): Promise<'going' | 'waiting'> {
  if (before === 'going' || before === 'waiting') return before;
  // Read anew: what the lock was waited for may have changed it.
  const [now] = await tx.query<{ full: boolean }>(
    'select capacity is not null and (waiting > 0 or going >= capacity) as full from people.gathering where id = $1',
    [held.id],
  );
  return now?.full === true ? 'waiting' : 'going';
}

const SAY = `
  insert into people.participation as p (gathering, account, state, remind_minutes, remind_at, reminded_until)
  values ($1, $2, $3, $4,
    case when $3 in ('going', 'maybe') and $4::int is not null then ledger.ledger_now() end,
    ledger.ledger_now() + coalesce($4::int, 0) * interval '1 minute')
  on conflict (gathering, account) do update set state = excluded.state, remind_minutes = excluded.remind_minutes,
    -- Asked again it is as it was: neither a turn later nor a second reminder.
    turn = case when p.state = excluded.state then p.turn else excluded.turn end,
    remind_at = excluded.remind_at,
    reminded_until = case when p.remind_minutes is not distinct from excluded.remind_minutes
      then greatest(p.reminded_until, excluded.reminded_until) else excluded.reminded_until end`;

const PROMOTE = `
  update people.participation p set state = 'going',
    remind_at = case when p.remind_minutes is not null then ledger.ledger_now() end,
    reminded_until = ledger.ledger_now() + coalesce(p.remind_minutes, 0) * interval '1 minute'
  from (
    select account from people.participation where gathering = $1 and state = 'waiting' order by turn limit $2
  ) next
  where p.gathering = $1 and p.account = next.account
  returning p.account, p.turn`;
