import type { z } from '@hono/zod-openapi';
import type { Gathering, GatheringInstance } from '#shared/gatherings';
import type { PictureView } from '#shared/pictures';
import type { event, instancePage } from './schemas.ts';

type Where = Pick<
  Gathering,
  'title' | 'place' | 'starts' | 'ends' | 'zone' | 'startsAt' | 'endsAt' | 'status'
>;

function whereView({ title, place, starts, ends, zone, startsAt, endsAt, status }: Where) {
  return {
    ...{ title, place, starts, ends, zone },
    ...{ startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), status },
  };
}

/** An event as its viewer sees it. */
export function eventView(found: Gathering, pictures: readonly PictureView[]): z.infer<typeof event> {
  const { id, owner, calendar, description, allDay, rule, rdates, exdates, moved, visibility } = found;
  const { capacity, going, maybe, waiting, yours, createdAt, updatedAt } = found;
  return {
    ...{ id, owner, calendar, ...whereView(found), description, allDay },
    recurrence:
      rule === null && rdates.length === 0 ? null : { rule, dates: [...rdates], except: [...exdates] },
    moved: moved.map((one) => ({ recurrenceId: one.recurrenceId, ...whereView(one) })),
    ...{ visibility, capacity, going, maybe, waiting, yours },
    pictures: pictures.map((one) => ({ ...one, sizes: [...one.sizes] })),
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
    links: { self: `/events/${id}`, participants: `/events/${id}/participants` },
  };
}

/** One time that an event takes place. */
export function instanceView(instance: GatheringInstance): z.infer<typeof instancePage>['events'][number] {
  const { id, owner, allDay, capacity, going, yours } = instance.gathering;
  return {
    ...{ event: id, recurrenceId: instance.recurrenceId, owner, ...whereView(instance), allDay },
    ...{ capacity, going, yours, links: { event: `/events/${id}` } },
  };
}
