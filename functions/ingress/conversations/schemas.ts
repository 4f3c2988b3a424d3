import { z } from '@hono/zod-openapi';
import { picture } from '../pictures/schemas.ts';
import { listLinks } from '../request/keyset.ts';
import { exampleConversation, exampleMessage, exampleOther, exampleTime, exampleUser } from './examples.ts';

export const standingMark = z
  .object({
    read: z.int().openapi({ description: 'Number of the last message that is read.' }),
    unread: z.int().openapi({ description: 'How many wait: neither your own nor deleted ones.' }),
  })
  .openapi('ReadMarkStanding', { example: { read: 12, unread: 0 } });

const named = z.object({ id: z.string().openapi({ format: 'uuid' }), handle: z.string(), name: z.string() });
const gone = { description: 'Null: the account is deleted.' };

const attachment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('picture'), picture }),
  z.object({
    kind: z.literal('artifact'),
    pipeline: z.string(),
    name: z.string(),
    part: z.string().optional(),
    type: z.string(),
    bytes: z.int(),
    href: z.string().openapi({ description: 'A signed link: good for an hour at least, without a token.' }),
  }),
]);

const exampleBody = {
  id: exampleMessage,
  conversation: exampleConversation,
  seq: 12,
  author: { id: exampleUser, handle: 'alice', name: 'Alice Liddell' },
  text: 'Have you seen the white one, @bob?',
  mentions: [{ id: exampleOther, handle: 'bob', name: 'Bob' }],
  attachments: [],
  reactions: [{ emoji: '👍', count: 2, mine: true }],
  version: 1,
  sentAt: exampleTime,
  hidden: false,
};

export const message = z
  .object({
    id: z.string().openapi({ format: 'uuid' }),
    conversation: z.string().openapi({ format: 'uuid' }),
    seq: z.int().openapi({
      description: 'Its number in the conversation, the same for all; from 1 on, without a gap.',
    }),
    author: named.nullable().openapi(gone),
    text: z.string(),
    mentions: z.array(named),
    replyTo: z.string().optional().openapi({ format: 'uuid', description: 'The message that it answers.' }),
    attachments: z.array(attachment),
    reactions: z
      .array(z.object({ emoji: z.string(), count: z.int(), mine: z.boolean() }))
      .openapi({ description: 'In the order in which they were first given.' }),
    version: z.int(),
    sentAt: z.iso.datetime(),
    editedAt: z.iso.datetime().optional(),
    deletedAt: z.iso
      .datetime()
      .optional()
      .openapi({ description: 'Its text, attachments and reactions are gone.' }),
    hidden: z.boolean().openapi({ description: 'You have blocked its author: show it folded.' }),
  })
  .openapi('Message', { example: exampleBody });

export const messagePage = z
  .object({
    messages: z.array(message),
    links: listLinks.extend({
      prev: z
        .string()
        .optional()
        .openapi({ description: 'What came after these; ask again for what will come.' }),
    }),
  })
  .openapi('MessagePage', {
    example: {
      messages: [exampleBody],
      links: {
        self: `/messages?conversation=${exampleConversation}`,
        next: `/messages?conversation=${exampleConversation}&cursor=before-12`,
        prev: `/messages?conversation=${exampleConversation}&cursor=after-12`,
      },
    },
  });

export const foundMessages = z
  .object({ messages: z.array(message), links: listLinks })
  .openapi('FoundMessages', {
    example: { messages: [exampleBody], links: { self: '/messages/search?q=white' } },
  });

const summary = {
  id: z.string().openapi({ format: 'uuid' }),
  kind: z.enum(['direct', 'group']),
  title: z.string().optional().openapi({ description: 'Of a group.' }),
  with: named
    .nullable()
    .optional()
    .openapi({ description: 'The other of two. Null: the account is deleted.' }),
  members: z.int().openapi({ description: 'How many take part.' }),
  createdAt: z.iso.datetime(),
  activeAt: z.iso.datetime().openapi({ description: 'When the last message was sent.' }),
  last: z.int().openapi({ description: 'Number of the last message; 0: there is none.' }),
  read: z.int().openapi({ description: 'You have read up to this message.' }),
  unread: z.int().openapi({ description: 'How many wait: neither your own nor deleted ones.' }),
  lastMessage: z
    .object({
      id: z.string().openapi({ format: 'uuid' }),
      seq: z.int(),
      author: z
        .string()
        .nullable()
        .openapi({ format: 'uuid', ...gone }),
      text: z.string().openapi({ description: 'How it begins.' }),
      sentAt: z.iso.datetime(),
      deleted: z.boolean(),
    })
    .optional(),
} as const;

const exampleSummary = {
  id: exampleConversation,
  kind: 'group' as const,
  title: 'Rabbits',
  members: 2,
  createdAt: exampleTime,
  activeAt: exampleTime,
  last: 12,
  read: 10,
  unread: 1,
};

export const conversation = z.object(summary).openapi('ConversationSummary', { example: exampleSummary });

export const wholeConversation = z
  .object({
    ...summary,
    people: z.array(
      z.object({
        ...named.shape,
        owner: z.boolean().openapi({ description: 'Of a group: who is in it for longest.' }),
        read: z.int().openapi({ description: 'He has read up to this message.' }),
      }),
    ),
  })
  .openapi('Conversation', {
    example: {
      ...exampleSummary,
      people: [
        { id: exampleUser, handle: 'alice', name: 'Alice Liddell', owner: true, read: 10 },
        { id: exampleOther, handle: 'bob', name: 'Bob', owner: false, read: 12 },
      ],
    },
  });

export const conversationPage = z
  .object({
    conversations: z.array(conversation),
    unread: z.int().openapi({ description: 'How many messages wait, in all conversations together.' }),
    links: listLinks,
  })
  .openapi('ConversationPage', {
    example: { conversations: [exampleSummary], unread: 1, links: { self: '/messages/conversations' } },
  });
