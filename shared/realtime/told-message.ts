import { z } from 'zod';

/** A message as everybody in its conversation is told of it. */
export function toldMessage() {
  const named = z.object({ id: z.uuid(), handle: z.string(), name: z.string() });
  const attachment = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('picture'), picture: z.uuid() }),
    z.object({
      kind: z.literal('artifact'),
      ...{ pipeline: z.string(), name: z.string(), part: z.string().optional() },
      type: z.string().describe('Media type.'),
      bytes: z.int(),
    }),
  ]);
  return z.object({
    id: z.uuid(),
    conversation: z.uuid(),
    seq: z.int().describe('Its number in the conversation, the same for all; from 1 on, without a gap.'),
    author: named.nullable().describe('Null: the account is deleted.'),
    text: z.string(),
    attachments: z.array(attachment).describe('Without links: those are in the answers of `/messages`.'),
    mentions: z.array(named),
    replyTo: z.uuid().nullable(),
    reactions: z.array(z.object({ emoji: z.string(), count: z.int() })),
    version: z.int(),
    sentAt: z.iso.datetime({ precision: 3 }),
    editedAt: z.iso.datetime({ precision: 3 }).optional(),
    deletedAt: z.iso.datetime({ precision: 3 }).optional(),
  });
}

export const toldMessageExample = {
  id: '0193b3f0-4d5e-4000-a000-00000000000e',
  conversation: '0193b3f0-4d5e-4000-a000-00000000000c',
  seq: 12,
  author: { id: '0193b3f0-4d5e-4000-a000-000000000001', handle: 'alice', name: 'Alice Liddell' },
  text: 'Have you seen the white one, @bob?',
  attachments: [],
  mentions: [{ id: '0193b3f0-4d5e-4000-a000-000000000002', handle: 'bob', name: 'Bob' }],
  replyTo: null,
  reactions: [],
  version: 1,
  sentAt: '2026-01-02T03:04:05.678Z',
} satisfies z.input<ReturnType<typeof toldMessage>>;
