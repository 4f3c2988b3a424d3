import { z } from '@hono/zod-openapi';
import { type Channels, channels, kindNames, notificationKinds } from '#shared/notifications';
import { listLinks } from '../request/keyset.ts';

const exampleId = '0193b3f0-4d5e-8000-a000-00000000000a';
const examplePost = '0193b3f0-4d5e-8000-a000-00000000000b';
const exampleCursor = `1767323045678.${exampleId}`;

export const notificationParams = z.object({
  id: z
    .string()
    .openapi({ format: 'uuid', description: 'Id of a notification of yours.', example: exampleId }),
});

export const subscriptionParams = z.object({
  id: z.string().openapi({ format: 'uuid', description: 'Id of a browser of yours.', example: exampleId }),
});

const fields = {
  id: z.uuid(),
  kind: z.enum(kindNames),
  text: z.string().openapi({ description: 'What happened, in one line of plain text.' }),
  body: z.string().optional().openapi({ description: 'Of a notice: plain text.' }),
  subject: z
    .string()
    .optional()
    .openapi({ description: 'Id of what it is about: a post, a conversation, an event, a run.' }),
  actor: z
    .object({ id: z.uuid(), handle: z.string(), name: z.string() })
    .optional()
    .openapi({ description: 'Who did it last.' }),
  people: z.int().openapi({ description: 'How many different people did it.' }),
  occasions: z.int().openapi({ description: 'How often it happened since you last looked.' }),
  read: z.boolean(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  cursor: z.string().openapi({ description: 'Its place in the list, for `PUT /notifications/read`.' }),
  links: z.object({ about: z.string() }),
};

const example = {
  id: exampleId,
  kind: 'liked' as const,
  text: 'Alice Liddell and 12 others like your post.',
  subject: examplePost,
  actor: { id: '0193b3f0-4d5e-4000-a000-000000000001', handle: 'alice', name: 'Alice Liddell' },
  people: 13,
  occasions: 13,
  read: false,
  createdAt: '2026-01-02T03:04:05.678Z',
  changedAt: '2026-01-02T03:04:05.678Z',
  cursor: exampleCursor,
  links: { about: `/posts/${examplePost}` },
};

const notification = z.object(fields).openapi('Notification', { example });

const sentNotification = z
  .object({
    ...fields,
    channels: z.object({
      inApp: z.boolean(),
      email: z.enum(['none', 'waiting', 'mailed']),
      mailedAt: z.iso.datetime().optional(),
      digestAt: z.iso.datetime().optional().openapi({ description: 'It comes with a digest by then.' }),
      pushedAt: z.iso.datetime().optional(),
    }),
  })
  .openapi('SentNotification', {
    example: {
      ...example,
      channels: { inApp: true, email: 'waiting', digestAt: '2026-01-03T03:04:05.678Z' },
    },
  });

export const notificationPage = z
  .object({
    notifications: z.array(notification),
    unread: z.int().openapi({ description: 'All that are unread, not only of this page.' }),
    links: listLinks,
  })
  .openapi('NotificationPage', {
    example: { notifications: [example], unread: 3, links: { self: '/notifications?unread=true' } },
  });

export const historyPage = z
  .object({ notifications: z.array(sentNotification), links: listLinks })
  .openapi('NotificationHistory', {
    example: {
      notifications: [{ ...example, channels: { inApp: true, email: 'none' as const } }],
      links: { self: '/api/v1/notifications/history' },
    },
  });

export const readUpTo = z
  .strictObject({
    cursor: z.string().max(100).openapi({ description: '`cursor` of the newest that was seen.' }),
  })
  .openapi('ReadUpTo', { example: { cursor: exampleCursor } });

export const marked = z
  .object({ marked: z.int().openapi({ description: 'How many were unread.' }), unread: z.int() })
  .openapi('MarkedRead', { example: { marked: 3, unread: 0 } });

const chosen: Readonly<Record<string, Channels>> = Object.fromEntries(
  kindNames.map((kind) => [kind, notificationKinds[kind].defaults]),
);

export const preferences = z
  .strictObject({
    preferences: z.strictObject(
      Object.fromEntries(
        kindNames.map((kind) => [
          kind,
          z.strictObject(channels.shape).openapi({ description: notificationKinds[kind].about }),
        ]),
      ),
    ),
  })
  .openapi('NotificationPreferences', {
    description:
      'Of each kind: whether it stands in your list; whether it is mailed at once (after three in an hour with the next digest), once a day, or never; whether your browsers are told.',
    example: { preferences: chosen },
  });

/** As `PushSubscription.toJSON()` of a browser gives it (Push API, section 8). */
export const newSubscription = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https$/, error: 'Send the address of a push service, which begins with https.' })
      .max(2_000)
      .refine(hasNoUser, { error: 'An address with a name or a password is not taken.' }),
    expirationTime: z.number().nullish(),
    keys: z.strictObject({
      p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/, 'A point of P-256 in base64url.'),
      auth: z.string().regex(/^[A-Za-z0-9_-]{22}(?:==)?$/, '16 bytes in base64url.'),
    }),
  })
  .openapi('NewPushSubscription', {
    example: {
      endpoint: 'https://push.example.org/send/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV',
      expirationTime: null,
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    },
  });

export const subscription = z
  .object({
    id: z.uuid(),
    client: z.string().openapi({ description: 'What the browser said of itself.' }),
    service: z.string().openapi({ description: 'Host of its push service.' }),
    createdAt: z.iso.datetime(),
  })
  .openapi('PushSubscription', {
    example: {
      id: exampleId,
      client: 'Mozilla/5.0 (X11; Linux x86_64)',
      service: 'push.example.org',
      createdAt: '2026-01-02T03:04:05.678Z',
    },
  });

export const madeSubscription = z.object({ id: z.uuid() }).openapi('MadePushSubscription', {
  example: { id: exampleId },
});

export const subscriptionList = z
  .object({ subscriptions: z.array(subscription) })
  .openapi('PushSubscriptions', {
    example: {
      subscriptions: [
        {
          id: exampleId,
          client: 'Mozilla/5.0 (X11; Linux x86_64)',
          service: 'push.example.org',
          createdAt: '2026-01-02T03:04:05.678Z',
        },
      ],
    },
  });

export const pushKey = z
  .object({ key: z.string().openapi({ description: 'A point of P-256 in base64url.' }) })
  .openapi('PushKey', {
    example: {
      key: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    },
  });

/** Controls, and what turns the direction of text around. */
const HAS_CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const plain = { error: 'Control characters and marks of direction are not taken; send plain text.' };

export const notice = z
  .strictObject({
    user: z.uuid().openapi({ description: 'Whom it is for.' }),
    title: z
      .string()
      .min(1)
      .max(200)
      .refine((text) => text.trim() !== '' && text.isWellFormed() && !HAS_CONTROLS.test(text), plain)
      .openapi({ description: 'One line of plain text.' }),
    text: z
      .string()
      .max(2_000)
      .refine((text) => text.isWellFormed() && !HAS_CONTROLS.test(text.replaceAll('\n', '')), plain)
      .optional()
      .openapi({ description: 'Plain text; lines are kept.' }),
  })
  .openapi('Notice', {
    example: {
      user: '0193b3f0-4d5e-4000-a000-000000000001',
      title: 'We move on Sunday',
      text: 'From 2 to 3 in the morning nothing can be made.',
    },
  });

export const sentNotice = z.object({ notice: z.uuid() }).openapi('SentNotice', {
  example: { notice: exampleId },
});

export const runProgress = z
  .object({
    id: z.uuid(),
    title: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
    progress: z.int().min(0).max(100).openapi({ description: 'Of the whole, in percent.' }),
    doing: z.array(z.string()).openapi({ description: 'Steps that are being worked on.' }),
    links: z.object({ about: z.string(), events: z.string() }),
  })
  .openapi('RunProgress', {
    example: {
      id: '0193b3f0-4d5e-8000-a000-000000000000',
      title: 'Why octopuses have three hearts',
      status: 'running',
      progress: 42,
      doing: ['render-scene'],
      links: {
        about: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000',
        events: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000/events',
      },
    },
  });

function hasNoUser(text: string): boolean {
  const { username = '', password = '' } = URL.parse(text) ?? {};
  return username === '' && password === '';
}
