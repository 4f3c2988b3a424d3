import type { z } from '@hono/zod-openapi';
import { writeCursor } from '#shared/following';
import {
  type NotificationRow,
  pathOf,
  type SentNotification,
  type SubscriptionView,
  sentenceOf,
} from '#shared/notifications';
import type { historyPage, notificationPage, subscription } from './schemas.ts';

type Shown = z.infer<typeof notificationPage>['notifications'][number];
type Sent = z.infer<typeof historyPage>['notifications'][number];

/** Where the page after it goes on. */
export function placeOf({ changedAt, id }: NotificationRow): { at: Date; id: string } {
  return { at: changedAt, id };
}

export function notificationView(row: NotificationRow): Shown {
  const { id, kind, body, subject, actor, people, occasions, createdAt, changedAt, readAt } = row;
  return {
    ...{ id, kind, text: sentenceOf(row) },
    ...(body === null ? {} : { body }),
    ...(subject === '' ? {} : { subject }),
    ...(actor === null ? {} : { actor: { ...actor } }),
    ...{ people, occasions, read: readAt !== null },
    ...{ createdAt: createdAt.toISOString(), changedAt: changedAt.toISOString() },
    cursor: writeCursor(placeOf(row)),
    links: { about: pathOf(row) },
  };
}

/** With the ways by which it went out. */
export function sentView(row: SentNotification): Sent {
  const { inApp, mailedAt, digestAt, pushedAt } = row;
  const email = mailedAt !== null ? 'mailed' : digestAt !== null ? 'waiting' : 'none';
  return {
    ...notificationView(row),
    channels: {
      ...{ inApp, email },
      ...(mailedAt === null ? {} : { mailedAt: mailedAt.toISOString() }),
      ...(digestAt === null ? {} : { digestAt: digestAt.toISOString() }),
      ...(pushedAt === null ? {} : { pushedAt: pushedAt.toISOString() }),
    },
  };
}

/** A browser, as its owner sees it. */
export function subscriptionView({ createdAt, ...view }: SubscriptionView): z.infer<typeof subscription> {
  return { ...view, createdAt: createdAt.toISOString() };
}
