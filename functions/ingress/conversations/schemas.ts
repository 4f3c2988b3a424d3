import { z } from '@hono/zod-openapi';
import {
  anyId,
  conversationTitle,
  MOST_ATTACHMENTS,
  MOST_MEMBERS,
  MOST_TEXT,
  MOST_TITLE,
  messageText,
} from '#shared/conversations';
import { picture } from '../pictures/schemas.ts';
import { listLinks } from '../request/keyset.ts';

const exampleUser = '0193b3f0-4d5e-4000-a000-000000000001';
const exampleOther = '0193b3f0-4d5e-4000-a000-000000000002';
const exampleConversation = '0193b3f0-4d5e-4000-a000-00000000000c';
const exampleMessage = '0193b3f0-4d5e-4000-a000-00000000000e';
const examplePipeline = '0193b3f0-4d5e-8000-a000-000000000000';
const exampleTime = '2026-01-02T03:04:05.678Z';

/** In a path: what is no id is nobody's. */
export const conversationParams = z.object({
  id: z.string().openapi({
    format: 'uuid',
    description: 'Id of a conversation that you take part in.',
    example: exampleConversation,
  }),
});
export const memberParams = z.object({
  id: conversationParams.shape.id,
  user: z.string().openapi({ format: 'uuid', description: 'Id of somebody.', example: exampleOther }),
});
export const messageParams = z.object({
  id: z.string().openapi({
    format: 'uuid',
    description: 'Id of a message that you may see.',
    example: exampleMessage,
  }),
});
export const reactionParams = z.object({
  id: messageParams.shape.id,
  emoji: z.string().max(100).openapi({
    description: 'One emoji, percent-encoded as UTF-8; with or without its variation selector.',
    example: '👍',
  }),
});

const id = (example: string, description: string) =>
  z.string().pipe(anyId).openapi({ type: 'string', format: 'uuid', example, description });

const title = z.string().pipe(conversationTitle).openapi({
  type: 'string',
  minLength: 1,
  maxLength: MOST_TITLE,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e]*$',
  description: 'One line.',
});

export const openingConversation = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('direct'), with: id(exampleOther, 'Whom you want to write to.') }),
    z.strictObject({
      kind: z.literal('group'),
      title,
      members: z
        .array(id(exampleOther, 'Somebody.'))
        .min(1)
        .max(MOST_MEMBERS - 1)
        .openapi({ description: 'Beside yourself.' }),
    }),
  ])
  .openapi('ConversationOpening', {
    example: { kind: 'group', title: 'Rabbits', members: [exampleOther] },
  });

export const renaming = z.strictObject({ title }).openapi('ConversationTitle', {
  example: { title: 'Rabbits and hares' },
});

const text = z.string().pipe(messageText).openapi({
  type: 'string',
  maxLength: MOST_TEXT,
  pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e]*$',
  description: 'Plain text; lines are kept. `@handle` mentions somebody who takes part.',
});

const givenAttachment = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('picture'), picture: id(exampleMessage, 'A picture of yours.') }),
  z.strictObject({
    kind: z.literal('artifact'),
    pipeline: id(examplePipeline, 'A pipeline of yours.'),
    name: z.string().min(1).max(200).openapi({ description: 'Of its artifact.', example: 'video.mp4' }),
    part: z.string().min(1).max(200).optional().openapi({ description: 'The part it belongs to.' }),
  }),
]);

export const newMessage = z
  .strictObject({
    id: id(exampleMessage, 'Make one for each message: sent again, it is the same message.').optional(),
    conversation: id(exampleConversation, 'A conversation that you take part in.'),
    text: text.default(''),
    replyTo: id(exampleMessage, 'A message of the same conversation.').optional(),
    attachments: z
      .array(givenAttachment)
      .max(MOST_ATTACHMENTS)
      .default([])
      .openapi({ description: 'Pictures of yours, and what your pipelines made.' }),
  })
  .openapi('NewMessage', {
    example: {
      id: exampleMessage,
      conversation: exampleConversation,
      text: 'Have you seen the white one, @bob?',
    },
  });

export const messageChange = z.strictObject({ text }).openapi('MessageChange', {
  example: { text: 'Have you seen the grey one, @bob?' },
});

export const readMark = z
  .strictObject({
    seq: z
      .int()
      .min(0)
      .max(2_147_483_647)
      .openapi({ description: 'Number of the last message that is read.' }),
  })
  .openapi('ReadMark', { example: { seq: 12 } });

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
