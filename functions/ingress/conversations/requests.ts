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
import { exampleConversation, exampleMessage, exampleOther, examplePipeline } from './examples.ts';

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
