import { isAccountId } from '#shared/accounts';
import { Conflict } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import type { Gathering, MovedGathering } from './gathering.ts';
import { MOVED } from './gathering.ts';
import { visibleTo } from './visible.ts';

/** An event that nobody else changes until the transaction ends. */
export type HeldGathering = Pick<
  Gathering,
  | 'id'
  | 'calendar'
  | 'uid'
  | 'starts'
  | 'ends'
  | 'allDay'
  | 'zone'
  | 'startsAt'
  | 'endsAt'
  | 'rule'
  | 'rdates'
  | 'exdates'
  | 'untilAt'
  | 'status'
  | 'visibility'
  | 'capacity'
  | 'going'
  | 'waiting'
  | 'version'
  | 'title'
  | 'place'
  | 'description'
> & {
  readonly owner: string;
  /** By the database's clock. */
  readonly now: Date;
  readonly moved: readonly MovedGathering[];
};

const HOLD = `
  select g.id, g.owner, g.calendar, g.uid, g.starts, g.ends, g.all_day as "allDay", g.zone,
    g.starts_at as "startsAt", g.ends_at as "endsAt", g.rule, g.rdates, g.exdates, g.until_at as "untilAt", g.status,
    g.visibility, g.capacity, g.going, g.waiting, g.version, g.title, g.place, g.description,
    ledger.ledger_now() as now, exists (select from people.account where id = $2::uuid) as known
  from people.gathering g join people.account o on o.id = g.owner
  where g.id = $1::uuid and g.series is null and ${visibleTo('$2')} for no key update of g`;

/**
 * Holds an event that the account may see.
 *
 * @throws HttpProblem 404
 */
export async function holdGathering(
  tx: Transaction,
  { id, account }: { id: string; account: string },
): Promise<HeldGathering> {
  if (!isAccountId(account)) throw notFound('account');
  const [found] = await tx.query<HeldGathering & { known: boolean }>(HOLD, [id, account]);
  if (found === undefined) throw notFound('event');
  if (!found.known) throw notFound('account');
  const moved = await tx.query<MovedGathering>(MOVED, [[id]]);
  return { ...found, moved };
}

/**
 * Holds an event of the account's own, made here.
 *
 * @throws HttpProblem 404, 403 `event-not-yours`, 412 `version-changed`; Conflict `event-imported`
 */
export async function holdOwn(
  tx: Transaction,
  request: { id: string; account: string; versions?: readonly number[] | undefined },
): Promise<HeldGathering> {
  const { account, versions } = request;
  const held = await holdGathering(tx, request);
  if (held.owner !== account)
    throw new HttpProblem({
      status: 403,
      code: 'event-not-yours',
      detail: 'Only its owner may do this with the event.',
    });
  if (held.calendar !== null)
    throw new Conflict(
      'event-imported',
      'The event came with an imported calendar and is changed where that comes from.',
    );
  if (versions !== undefined && !versions.includes(held.version))
    throw new HttpProblem({
      status: 412,
      code: 'version-changed',
      detail: 'It was changed meanwhile: read it again, and send If-Match with its new ETag.',
      errors: [{ field: 'header.if-match', message: 'This is no longer its ETag.' }],
    });
  return held;
}
