import { expand, type LocalTime, localIn, type MovedInstance } from '#shared/calendar';
import { MillraceError } from '#shared/errors';
import type { Gathering, MovedGathering } from './gathering.ts';

/** One time that an event takes place. */
export interface GatheringInstance {
  readonly gathering: Gathering;
  /** When the rule lets it begin; null of what happens once. */
  readonly recurrenceId: LocalTime | null;
  readonly title: string;
  readonly place: string;
  readonly starts: LocalTime;
  readonly ends: LocalTime;
  readonly zone: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: 'scheduled' | 'cancelled';
}

export interface InstanceWindow {
  /** What ends after this and … */
  readonly from: Date;
  /** … begins before this. */
  readonly to: Date;
  readonly limit: number;
  /** What all series of a page may take together. */
  readonly steps?: { left: number } | undefined;
}

type Of = Pick<Gathering, 'starts' | 'zone' | 'startsAt' | 'endsAt' | 'rule' | 'rdates' | 'exdates'> & {
  readonly moved: readonly MovedGathering[];
};

export function recurs({ rule, rdates }: Pick<Gathering, 'rule' | 'rdates'>): boolean {
  return rule !== null || rdates.length > 0;
}

interface Moved extends MovedInstance {
  readonly as: MovedGathering;
}

/** When it takes place within a window, by the start; nothing where its rule leads nowhere in bounded time. */
export function timesOf(gathering: Of, window: InstanceWindow) {
  const { starts, zone, startsAt, endsAt, rule, rdates, exdates, moved } = gathering;
  try {
    return expand<Moved>(
      {
        ...{ start: starts, zone: zone ?? undefined, rule: rule ?? undefined, rdates, exdates },
        duration: seconds(startsAt, endsAt),
        moved: moved.map((as) => ({
          ...{ recurrenceId: as.recurrenceId, start: as.starts, zone: as.zone ?? undefined, as },
          duration: seconds(as.startsAt, as.endsAt),
        })),
      },
      window,
    );
  } catch (error) {
    // Of a calendar that was imported: what cannot be followed is shown by itself alone.
    if (error instanceof MillraceError && error.kind === 'permanent') return [];
    throw error;
  }
}

/** The instances of an event within a window, by their start. */
export function instancesOf(gathering: Gathering, window: InstanceWindow): GatheringInstance[] {
  return timesOf(gathering, window).map(({ recurrenceId, start, startsAt, endsAt, moved }) => ({
    gathering,
    recurrenceId: recurs(gathering) ? recurrenceId : null,
    title: moved?.as.title ?? gathering.title,
    place: moved?.as.place ?? gathering.place,
    starts: start,
    ends: moved?.as.ends ?? (start === gathering.starts ? gathering.ends : localEnd(gathering, endsAt)),
    zone: moved === undefined ? gathering.zone : moved.as.zone,
    startsAt,
    endsAt,
    status: gathering.status === 'cancelled' ? 'cancelled' : (moved?.as.status ?? 'scheduled'),
  }));
}

/** What a wall clock at its place shows at its end. */
export function localEnd({ allDay, zone }: Pick<Gathering, 'allDay' | 'zone'>, endsAt: Date): LocalTime {
  return localIn(endsAt, allDay ? 'UTC' : (zone ?? 'UTC'), { asDate: allDay });
}

function seconds(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1_000;
}
