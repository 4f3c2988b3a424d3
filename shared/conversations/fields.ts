import { z } from 'zod';

export const MOST_TEXT = 4_000;
export const MOST_TITLE = 80;
/** Of a group, with its owner. */
export const MOST_MEMBERS = 256;
export const MOST_ATTACHMENTS = 10;

/** Controls but the line feed and the tab, and what turns the direction of all that follows (UAX 9, 2.1 and 2.2). */
const HAS_CONTROLS = /(?![\n\t])[\p{Cc}\u202a-\u202e]/u;
/** One line end of whoever pasted it. */
const LINE_END = /\r\n?|[\u2028\u2029]/gu;

/** Plain text of many lines; it may be empty where something is attached. */
export const messageText = z
  .string()
  .max(MOST_TEXT)
  .refine((text) => text.isWellFormed(), { error: 'This is not well-formed Unicode (a lone surrogate).' })
  .transform((text) => text.replaceAll(LINE_END, '\n').normalize('NFC').trim())
  .refine((text) => !HAS_CONTROLS.test(text), {
    error: 'Control characters and overrides of direction are not taken; send plain text.',
  });

/** What a group is called: one line. */
export const conversationTitle = z
  .string()
  .max(MOST_TITLE)
  .refine((text) => text.isWellFormed(), { error: 'This is not well-formed Unicode (a lone surrogate).' })
  .transform((text) => text.normalize('NFC').trim())
  .refine((text) => text.length > 0 && !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u.test(text), {
    error: 'Send one line of text, without control characters.',
  });

/** Of a person, a conversation, a message: whoever makes one may make it as he likes, in the form of RFC 9562. */
export const anyId = z.guid().toLowerCase();

/** Something of one's own that goes along: a picture, or what one's own pipeline made. */
export const attachment = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('picture'), picture: anyId }),
  z.strictObject({
    kind: z.literal('artifact'),
    pipeline: anyId,
    name: z.string().min(1).max(200),
    /** The part it belongs to (`scene-001`); left out: the whole. */
    part: z.string().min(1).max(200).optional(),
  }),
]);
export type Attachment = z.infer<typeof attachment>;
