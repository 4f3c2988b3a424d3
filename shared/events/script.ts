import { z } from 'zod';
import { scene } from './scene.ts';

/** The script of a video, as `script.json` holds it. */
export const script = z.strictObject({
  title: z.string().min(1).max(100),
  language: z.string().min(2).max(35),
  scenes: z.array(scene()).min(1).max(600),
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
