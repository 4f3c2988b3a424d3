import { z } from 'zod';
import { sceneKey } from './scene.ts';

/** When everything happens, as `timeline.json` holds it. Scenes tile the frame grid without gap or overlap. */
export const timeline = z.strictObject({
  fps: z.int().positive(),
  totalFrames: z.int().positive(),
  scenes: z.array(
    z.strictObject({
      key: sceneKey(),
      heading: z.string(),
      startFrame: z.int().nonnegative(),
      frames: z.int().positive(),
      /** Seconds from the start of the video; `text` as written, punctuation included. */
      words: z.array(z.strictObject({ text: z.string(), start: z.number(), end: z.number() })),
    }),
  ),
});

export type Timeline = z.infer<typeof timeline>;
