import { z } from 'zod';
import { framesThatLast } from './define-frame.ts';
import { endReasons } from './peer.ts';
import { toldMessage, toldMessageExample } from './told-message.ts';

const place = framesThatLast('place');
const kept = framesThatLast('kept');
const moment = framesThatLast('moment');

const conversation = '0193b3f0-4d5e-4000-a000-00000000000c';
const message = toldMessageExample.id;
const user = '0193b3f0-4d5e-4000-a000-000000000002';
const notification = '0193b3f0-4d5e-8000-a000-00000000000a';
const run = '0193b3f0-4d5e-8000-a000-000000000000';

/** Every frame that is told, through whatever door: what the AsyncAPI document and docs/realtime.md show. */
export const protocol = {
  hello: place({
    summary: 'The first one: from this cursor on nothing is missed.',
    data: () => z.object({}),
    example: {},
  }),
  reset: place({
    summary: 'What lies between your cursor and this one is not kept any more: read anew what you show.',
    data: () => z.object({}),
    example: {},
  }),
  'message.sent': kept({
    summary: 'A message was sent in a conversation of yours.',
    data: toldMessage,
    example: toldMessageExample,
  }),
  'message.edited': kept({
    summary: 'A message has another text.',
    data: toldMessage,
    example: { ...toldMessageExample, version: 2, editedAt: '2026-01-02T03:05:00.000Z' },
  }),
  'message.deleted': kept({
    summary: 'A message was deleted for all; its place in the order stays.',
    data: () => z.object({ conversation: z.uuid(), message: z.uuid(), seq: z.int() }),
    example: { conversation, message, seq: 12 },
  }),
  'reaction.changed': kept({
    summary: 'Somebody reacted to a message, or took it back.',
    data: () =>
      z.object({
        ...{ conversation: z.uuid(), message: z.uuid(), seq: z.int(), user: z.uuid(), emoji: z.string() },
        state: z.enum(['given', 'withdrawn']),
        count: z.int().describe('How many give this emoji now.'),
      }),
    example: { conversation, message, seq: 12, user, emoji: '👍', state: 'given', count: 2 },
  }),
  'read.marked': kept({
    summary: 'Somebody has read a conversation up to a message; it may be you, on another device.',
    data: () =>
      z.object({
        ...{ conversation: z.uuid(), user: z.uuid() },
        read: z.int().describe('Number of the last message that is read.'),
      }),
    example: { conversation, user, read: 12 },
  }),
  'conversation.opened': kept({
    summary: 'You opened a conversation with somebody; your other devices hear of it so.',
    data: () => z.object({ conversation: z.uuid() }),
    example: { conversation },
  }),
  'conversation.changed': kept({
    summary: 'A group with you is new, or its title or its members are others.',
    data: () => z.object({ conversation: z.uuid(), version: z.int() }),
    example: { conversation, version: 3 },
  }),
  'conversation.left': kept({
    summary: 'You do not take part any more.',
    data: () => z.object({ conversation: z.uuid(), version: z.int() }),
    example: { conversation, version: 4 },
  }),
  'notification.created': kept({
    summary: 'A notification is new, or was added to.',
    data: () =>
      z.object({
        kind: z.string().describe('As in the list of notifications.'),
        subject: z.string().describe('Id of what it is about; empty where it is about nothing else.'),
        actor: z.uuid().optional().describe('Who did it.'),
      }),
    example: { kind: 'liked', subject: '0193b3f0-4d5e-8000-a000-00000000000b', actor: user },
  }),
  'notification.read': kept({
    summary: 'One notification is read, or all that changed up to a moment.',
    data: () =>
      z.union([z.object({ notification: z.uuid() }), z.object({ upTo: z.iso.datetime({ precision: 3 }) })]),
    example: { notification },
  }),
  'notification.deleted': kept({
    summary: 'A notification is gone.',
    data: () => z.object({ notification: z.uuid() }),
    example: { notification },
  }),
  typing: moment({
    summary: 'Somebody writes, for a moment.',
    data: () => z.object({ conversation: z.uuid(), user: z.uuid() }),
    example: { conversation, user },
  }),
  'run.progressed': moment({
    summary: 'How far one of your runs is; it comes again, as it is, to whoever connects.',
    data: () =>
      z.object({
        ...{ run: z.string(), title: z.string() },
        status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
        progress: z.int().min(0).max(100).describe('Of the whole, in percent.'),
        running: z.array(z.string()).describe('Steps that are being worked on.'),
        links: z.object({ self: z.string(), events: z.string() }),
      }),
    example: {
      ...{ run, title: 'Why octopuses have three hearts', status: 'running', progress: 40 },
      running: ['render-scene'],
      links: { self: `/api/pipelines/${run}`, events: `/api/pipelines/${run}/events` },
    },
  }),
  end: moment({
    summary: 'Why the connection is closed; a WebSocket is told by its close code.',
    data: () => z.object({ why: z.enum(endReasons) }),
    example: { why: 'shutting-down' },
  }),
  pong: moment({
    summary: 'The answer to `ping`.',
    data: () => z.object({}),
    example: {},
  }),
  error: moment({
    summary: 'The answer to any other word.',
    data: () => z.object({ code: z.literal('frame-unknown'), detail: z.string() }),
    example: { code: 'frame-unknown', detail: 'There is no frame "shout"; a client sends "ping" alone.' },
  }),
};

export type FrameType = keyof typeof protocol;

/** Frames that `publish` keeps. */
export type KeptFrame = {
  [Type in FrameType]: (typeof protocol)[Type]['lasts'] extends 'kept' ? Type : never;
}[FrameType];

/** Frames that are true now alone. */
export type MomentFrame = {
  [Type in FrameType]: (typeof protocol)[Type]['lasts'] extends 'moment' ? Type : never;
}[FrameType];
