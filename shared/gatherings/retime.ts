import type { Transaction } from '#shared/ledger';
import { rearrange, type Waiting } from './reminders.ts';

/** Guests that one transaction reckons anew at most: half a second, where nothing else is done. */
const MOST_GUESTS = 5_000;

/** An event whose guests are not all reckoned by its times. */
interface Retimed {
  readonly gathering: string;
  readonly doneTo: string;
}

/**
 * Whoever wants to be reminded is looked at by the times as they are now; what begins within his time needs no reminder.
 * At most 5,000 guests at once: with the next ticks go those who are left. Until then none of them is told of a time that
 * is no more.
 *
 * @param gathering an event that is held
 */
export async function remindAnew(tx: Transaction, gathering: string): Promise<void> {
  const rows = await tx.query<Retimed>(BEGIN, [gathering]);
  for (const retimed of rows) await takePiece(tx, retimed);
}

/** Goes on with the event that waits longest; stopped anywhere, the next tick goes on there. */
export async function remindOthersAnew(tx: Transaction): Promise<void> {
  const rows = await tx.query<Retimed>(WAITING_LONGEST);
  for (const retimed of rows) await takePiece(tx, retimed);
}

async function takePiece(tx: Transaction, { gathering, doneTo }: Retimed): Promise<void> {
  const [last] = await tx.query<{ account: string }>(LAST, [gathering, doneTo, MOST_GUESTS - 1]);
  const to = last?.account ?? AFTER_ALL;
  await rearrange(tx, await tx.query<Waiting>(GUESTS, [gathering, doneTo, to]));
  if (last === undefined) await tx.query('delete from people.retimed where gathering = $1', [gathering]);
  else await tx.query('update people.retimed set done_to = $2 where gathering = $1', [gathering, to]);
}

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Changed again, it begins again. Held before its guests are, here as with a tick: nobody waits for another in a circle. */
const BEGIN = `
  insert into people.retimed as r (gathering) values ($1)
  on conflict (gathering) do update set at = excluded.at, done_to = excluded.done_to
  returning r.gathering, r.done_to as "doneTo"`;

/** The event is kept with it, or passed over while it goes: that takes guests first. */
const WAITING_LONGEST = `
  select r.gathering, r.done_to as "doneTo"
  from people.retimed r join people.gathering g on g.id = r.gathering
  order by r.at limit 1 for update of r skip locked for key share of g skip locked`;

/** The last of a piece, whether he wants to be reminded or not; none where fewer are left. */
export const LAST = `
  select account from people.participation where gathering = $1::uuid and account > $2::uuid
  order by account offset $3 limit 1`;

export const GUESTS = `
  select gathering, account, remind_minutes as minutes, reminded_until as "remindedUntil", ledger.ledger_now() as now
  from people.participation
  where gathering = $1::uuid and account > $2::uuid and account <= $3::uuid
    and remind_minutes is not null and state in ('going', 'maybe')
  order by account for no key update`;
