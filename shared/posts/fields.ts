import { z } from 'zod';

/** Controls but new lines and tabs, and what turns the direction of text around. */
const HAS_CONTROLS = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const plainText = (max: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .max(max)
    .refine((text) => text.isWellFormed() && !HAS_CONTROLS.test(text), {
      error: 'Control characters and marks of direction are not taken; send plain text.',
    });

/** Empty where there is something else to show. */
export const postText = plainText(5_000);
export const commentText = plainText(2_000).min(1);
export const postVisibility = z.enum(['public', 'followers']);

/** What a run of one's own made. */
export const postArtifact = z.strictObject({
  pipeline: z.uuid(),
  name: z.string().min(1).max(200),
  /** Where it is one of many. */
  part: z.string().min(1).max(200).optional(),
});

/** What a post shows; its pictures in the order in which they are shown. */
export const postDraft = z.strictObject({
  text: postText,
  visibility: postVisibility,
  pictures: z.array(z.uuid()).max(10),
  event: z.uuid().optional(),
  artifact: postArtifact.optional(),
});

export type PostDraft = z.output<typeof postDraft>;
