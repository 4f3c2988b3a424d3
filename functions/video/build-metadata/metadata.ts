import { z } from 'zod';

/** What goes with a finished video, as `metadata.json` holds it: ready for a video platform's form. */
export const metadata = z.strictObject({
  title: z.string().min(1).max(100),
  /** With hook, chapters, sources and credits; plain text without angle brackets. */
  description: z.string().max(5_000),
  /** 500 characters together at most. */
  tags: z.array(z.string().min(1).max(100)),
  language: z.string(),
  durationSeconds: z.number().positive(),
  /** The length that was asked for, in seconds. */
  requestedSeconds: z.number().positive(),
  format: z.enum(['long', 'short', 'square']),
  width: z.int().positive(),
  height: z.int().positive(),
  fps: z.int().positive(),
  /** Empty where there are not three of ten seconds each, as video platforms ask. */
  chapters: z.array(z.strictObject({ start: z.number().nonnegative(), heading: z.string().min(1) })),
  keywords: z.array(z.strictObject({ term: z.string(), score: z.number(), why: z.string() })),
  sources: z.array(z.strictObject({ title: z.string(), licence: z.string(), url: z.string().optional() })),
  /** Works of others shown or heard in it, each with its licence. */
  credits: z.array(z.string()),
  /** There is no video yet: duration and chapters are those of a usual reading pace. */
  estimated: z.literal(true).optional(),
  /** What is not as its maker would expect, a sentence each. */
  warnings: z.array(z.string()).optional(),
  /** One sentence, where the sources held too little for the length that was asked for. */
  shortened: z.string().optional(),
});

export type Metadata = z.infer<typeof metadata>;
