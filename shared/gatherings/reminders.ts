import type { Transaction } from '#shared/ledger';
import { type Gathering, MOVED, type MovedRow } from './gathering.ts';
import { timesOf } from './instances.ts';

/** Somebody is to be told that an instance begins soon. */
export interface DueReminder {
  readonly gathering: string;
  readonly account: string;
  readonly startsAt: Date;
}

type Of = Pick<
  Gathering,
  'id' | 'starts' | 'zone' | 'startsAt' | 'endsAt' | 'rule' | 'rdates' | 'exdates' | 'status' | 'untilAt'
> & {
  /** When its times changed, as long as not all its guests are reckoned by the new ones. */
  readonly retimedAt: Date | null;
};

/** A guest who wants to be reminded, and who is held. */
export interface Waiting {
  readonly gathering: string;
  readonly account: string;
  readonly minutes: number;
  readonly remindedUntil: Date;
  readonly now: Date;
}

/** What is to be told to somebody now, and when to look at him next; null: never. */
interface Reckoned extends Waiting {
  readonly told: readonly Date[];
  readonly at: Date | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** A yearly rule has its next instance within. */
const AHEAD_MS = 400 * DAY_MS;
const LOOK_AGAIN_MS = 300 * DAY_MS;
/** An hourly rule for the four weeks that a reminder may come before, and one more. */
const MOST_INSTANCES = 700;

/**
 * Takes up to `limit` of those whose time to be reminded has come, and sets when to look at each again: done in the
 * transaction that tells of it, so that each is reminded of an instance once. What has begun already is not told of.
 */
export async function takeReminders(tx: Transaction, limit: number): Promise<readonly DueReminder[]> {
  const waiting = await tx.query<Waiting>(DUE, [limit]);
  const reckoned = await reckon(tx, waiting);
  await set(
    tx,
    reckoned.map((one) => ({ ...one, remindedUntil: one.told.at(-1) ?? one.remindedUntil })),
  );
  return reckoned.flatMap(({ gathering, account, told }) =>
    told.map((startsAt) => ({ gathering, account, startsAt })),
  );
}

/** Sets when to look at each next, by the times as they are now: at once where there is something to tell. */
export async function rearrange(tx: Transaction, waiting: readonly Waiting[]): Promise<void> {
  const reckoned = await reckon(tx, waiting);
  await set(
    tx,
    reckoned.map((one) => ({ ...one, at: one.told.length > 0 ? one.now : one.at })),
  );
}

async function reckon(tx: Transaction, waiting: readonly Waiting[]): Promise<readonly Reckoned[]> {
  if (waiting.length === 0) return [];
  const ids = [...new Set(waiting.map(({ gathering }) => gathering))];
  const [events, moved] = [await tx.query<Of>(EVENTS, [ids]), await tx.query<MovedRow>(MOVED, [ids])];
  const movedOf = Map.groupBy(moved, ({ series }) => series);
  const byId = new Map(events.map((event) => [event.id, event]));
  const startsOf = new Map<string, readonly Date[]>();
  return waiting.map((one) => {
    const { gathering, minutes, now } = one;
    const event = byId.get(gathering);
    if (event === undefined || event.status === 'cancelled') return { ...one, told: [], at: null };
    const starts = startsOf.get(gathering) ?? comingStarts(event, movedOf.get(gathering) ?? [], now);
    startsOf.set(gathering, starts);
    const before = minutes * MINUTE_MS;
    const remindedUntil = new Date(
      Math.max(
        one.remindedUntil.getTime(),
        (event.retimedAt?.getTime() ?? Number.NEGATIVE_INFINITY) + before,
      ),
    );
    const horizon = new Date(now.getTime() + before);
    const told = starts.filter((at) => at > now && at <= horizon && at > remindedUntil);
    const following = starts.find((at) => at > horizon && at > remindedUntil);
    const at =
      following === undefined ? lookAgain(event, starts, now) : new Date(following.getTime() - before);
    return { ...one, remindedUntil, told, at };
  });
}

async function set(
  tx: Transaction,
  next: readonly Pick<Reckoned, 'gathering' | 'account' | 'remindedUntil' | 'at'>[],
): Promise<void> {
  if (next.length === 0) return;
  await tx.query(SET, [
    next.map(({ gathering }) => gathering),
    next.map(({ account }) => account),
    next.map(({ remindedUntil }) => remindedUntil),
    next.map(({ at }) => at),
  ]);
}

/** What begins from now on. */
function comingStarts(event: Of, moved: readonly MovedRow[], now: Date): readonly Date[] {
  const window = { from: now, to: new Date(now.getTime() + AHEAD_MS), limit: MOST_INSTANCES };
  return timesOf({ ...event, moved }, window)
    .filter((instance) => instance.moved?.as.status !== 'cancelled')
    .map(({ startsAt }) => startsAt);
}

/** Where there were more than could be counted, or the next one is far. */
function lookAgain(event: Of, starts: readonly Date[], now: Date): Date | null {
  if (starts.length >= MOST_INSTANCES) return new Date(now.getTime() + DAY_MS);
  const later = new Date(now.getTime() + LOOK_AGAIN_MS);
  return event.untilAt === null || event.untilAt > later ? later : null;
}

export const DUE = `
  select gathering, account, remind_minutes as minutes, reminded_until as "remindedUntil",
    ledger.ledger_now() as now
  from people.participation
  where remind_at is not null and remind_at <= (select ledger.ledger_now())
  order by remind_at limit $1 for no key update skip locked`;

const EVENTS = `
  select g.id, g.starts, g.zone, g.starts_at as "startsAt", g.ends_at as "endsAt", g.rule, g.rdates, g.exdates,
    g.status, g.until_at as "untilAt", r.at as "retimedAt"
  from people.gathering g left join people.retimed r on r.gathering = g.id where g.id = any($1::uuid[])`;

const SET = `
  update people.participation p set remind_at = n.at, reminded_until = n.until
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) as n (gathering, account, until, at)
  where p.gathering = n.gathering and p.account = n.account`;
