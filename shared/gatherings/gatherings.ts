import { setImmediate } from 'node:timers/promises';
import { isAccountId } from '#shared/accounts';
import type { LocalTime } from '#shared/calendar';
import type { Pool } from '#shared/database';
import {
  type Gathering,
  gatheringFields,
  MOVED,
  type MovedRow,
  type ParticipationState,
  withMoved,
} from './gathering.ts';
import { type GatheringInstance, instancesOf } from './instances.ts';
import { GUESTS, LISTS, PARTICIPANTS } from './lists.ts';
import { visibleTo } from './visible.ts';

/** Where a page of instances goes on: after this one. */
export interface InstanceKey {
  readonly at: Date;
  readonly id: string;
  /** Empty of what happens once. */
  readonly recurrenceId: LocalTime | '';
}

export interface InstanceQuery {
  /** All of one owner's; left out: the calendar of who looks: his own, those he takes part in or is invited to. */
  readonly owner?: string | undefined;
  readonly viewer: string;
  readonly from: Date;
  readonly to: Date;
  readonly after?: InstanceKey | undefined;
  readonly limit: number;
}

export interface Participant {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly state: ParticipationState;
  /** The order of those who asked; a page goes on after it. */
  readonly turn: string;
  readonly createdAt: Date;
}

export interface Guest {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** What he answered. */
  readonly state: ParticipationState | null;
  readonly createdAt: Date;
}

/** What is read of events; what changes them is done in the transaction of a command. */
export interface Gatherings {
  /** Undefined for what is not there and for what the viewer may not see. */
  find(query: { id: string; viewer: string }): Promise<Gathering | undefined>;
  /**
   * Instances within a window, by their start; of more than 200 series those that began last, and of series that count
   * very far what is found in bounded time.
   */
  instances(query: InstanceQuery): Promise<readonly GatheringInstance[]>;
  /** In the order in which they asked. */
  participants(query: {
    gathering: string;
    state: ParticipationState;
    viewer: string;
    after?: string | undefined;
    limit: number;
  }): Promise<readonly Participant[]>;
  guests(query: { gathering: string; after?: string | undefined; limit: number }): Promise<readonly Guest[]>;
}

const MOST_SERIES = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const BEGINNING = new Date('0001-01-01T00:00:00Z');
/** Those that began before the page and last into it come first, and must not take its places. */
const ROOM = 400;
/** Of all series of a page together: some tenths of a second where each counts as far as it may. */
const MOST_STEPS = 150_000;

type Row = Omit<Gathering, 'moved'>;

export function createGatherings({ pool }: { pool: Pool }): Gatherings {
  /** Tokens that the operator made may be of anybody. */
  const known = (viewer: string): string | null => (isAccountId(viewer) ? viewer : null);

  async function complete(rows: readonly Row[]): Promise<Gathering[]> {
    const series = rows.filter(({ rule, rdates }) => rule !== null || rdates.length > 0).map(({ id }) => id);
    const moved = series.length === 0 ? [] : (await pool.query<MovedRow>(MOVED, [series])).rows;
    return withMoved(rows, moved);
  }

  async function rowsOf(
    kind: 'once' | 'series',
    { owner, viewer }: InstanceQuery,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const lists = owner === undefined ? [LISTS.own, LISTS.joined] : [LISTS.own];
    const found = await Promise.all(
      lists.map((list) => pool.query<Row>(list[kind], [owner ?? viewer, ...values, viewer])),
    );
    return found.flatMap(({ rows }) => rows);
  }

  return {
    async find({ id, viewer }) {
      if (!isAccountId(id)) return undefined;
      const { rows } = await pool.query<Row>(FIND, [id, known(viewer)]);
      return (await complete(rows))[0];
    },
    async instances(query) {
      const { from, to, after, limit, viewer, owner } = query;
      if (owner !== undefined && !isAccountId(owner)) return [];
      const own = { ...query, viewer: known(viewer) ?? FIRST_ID };
      const key = after ?? { at: BEGINNING, id: FIRST_ID, recurrenceId: '' };
      const [once, series] = await Promise.all([
        rowsOf('once', own, [from, to, key.at, key.id, limit]),
        rowsOf('series', own, [from, to, MOST_SERIES]),
      ]);
      const start = after !== undefined && after.at > from ? after.at : from;
      let found: readonly GatheringInstance[] = [];
      let end = to;
      const add = (instances: readonly GatheringInstance[]): void => {
        found = [...found, ...instances.filter((instance) => comesAfter(instance, key))]
          .sort(byStart)
          .slice(0, limit);
        const last = found[limit - 1];
        // What begins later is not of this page.
        if (last !== undefined) end = new Date(last.startsAt.getTime() + 1);
      };
      add((await complete(once)).flatMap((one) => instancesOf(one, { from, to, limit: 1 })));
      const steps = { left: MOST_STEPS };
      for (const one of await complete(series)) {
        // Rules that count far take milliseconds each: others have their turn in between.
        await setImmediate();
        const most = after === undefined ? limit : limit + ROOM;
        add(instancesOf(one, { from: start, to: end, limit: most, steps }));
      }
      return found;
    },
    async participants({ gathering, state, viewer, after = '0', limit }) {
      const values = [gathering, state, after, limit, known(viewer)];
      return (await pool.query<Participant>(PARTICIPANTS, values)).rows;
    },
    async guests({ gathering, after = FIRST_ID, limit }) {
      return (await pool.query<Guest>(GUESTS, [gathering, after, limit])).rows;
    },
  };
}

/** $1: event; $2: who looks. Of a moved instance one reads its series. */
export const FIND = `
  select ${gatheringFields('$2')} from people.gathering g join people.account o on o.id = g.owner
  where g.id = $1::uuid and g.series is null and ${visibleTo('$2')}`;

/** Where a page that ends with this instance goes on. */
export function keyOfInstance({ startsAt, gathering, recurrenceId }: GatheringInstance): InstanceKey {
  return { at: startsAt, id: gathering.id, recurrenceId: recurrenceId ?? '' };
}

function comesAfter(instance: GatheringInstance, key: InstanceKey): boolean {
  return order(keyOfInstance(instance), key) > 0;
}

function byStart(a: GatheringInstance, b: GatheringInstance): number {
  return order(keyOfInstance(a), keyOfInstance(b));
}

/** As the database orders them: ids are lower-case hex. */
function order(a: InstanceKey, b: InstanceKey): number {
  return a.at.getTime() - b.at.getTime() || compare(a.id, b.id) || compare(a.recurrenceId, b.recurrenceId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
