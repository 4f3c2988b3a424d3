import { z } from 'zod';

export const sceneKey = z.string().regex(/^scene-\d{3}$/);

/** One scene: a passage that is spoken while one picture is shown. */
export const scene = z.strictObject({
  /** `scene-001`, `scene-002`, … in the order of the video. */
  key: sceneKey,
  role: z.enum(['hook', 'scene', 'close']),
  /** Chapter title. */
  heading: z.string().min(1).max(120),
  /** Plain text, spoken as it stands. */
  narration: z.string().min(1).max(5_000),
  /** What the picture shows: a short subject and the passage's weightiest words. */
  picture: z.strictObject({
    subject: z.string().min(1).max(200),
    words: z.array(z.string().min(1).max(60)).max(20),
  }),
});

export type Scene = z.infer<typeof scene>;

/** The script of a video, as `script.json` holds it. */
export const script = z.strictObject({
  title: z.string().min(1).max(100),
  language: z.string().min(2).max(35),
  scenes: z.array(scene).min(1).max(600),
  /** Where every statement comes from. */
  sources: z
    .array(
      z.strictObject({ title: z.string().max(300), licence: z.string().max(200), url: z.url().optional() }),
    )
    .min(1),
  requestedSeconds: z.number().positive(),
  /** Reckoned from the words; the narration decides. */
  plannedSeconds: z.number().positive(),
  /** Set when the sources hold too little for the wished length: says so, in one sentence. */
  shortened: z.string().max(500).optional(),
});

export type Script = z.infer<typeof script>;
