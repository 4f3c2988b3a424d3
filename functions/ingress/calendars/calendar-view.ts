import type { z } from '@hono/zod-openapi';
import type { Calendar } from '#shared/calendars';
import type { calendar } from './schemas.ts';

export function feedPath(token: string): string {
  return `/calendars/feeds/${token}.ics`;
}

/** A calendar as its owner sees it. */
export function calendarView(found: Calendar): z.infer<typeof calendar> {
  const { id, kind, name, url, state, failure, checkedAt, changedAt, createdAt, feedToken } = found;
  return {
    ...{ id, kind, name, state, createdAt: createdAt.toISOString() },
    ...(url === null ? {} : { url }),
    ...(failure === null ? {} : { failure }),
    ...(checkedAt === null ? {} : { checkedAt: checkedAt.toISOString() }),
    ...(changedAt === null ? {} : { changedAt: changedAt.toISOString() }),
    links: {
      self: `/calendars/${id}`,
      file: `/calendars/${id}.ics`,
      ...(feedToken === null ? {} : { feed: feedPath(feedToken) }),
    },
  };
}
