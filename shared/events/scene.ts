import { z } from 'zod';
import { once } from './define-event.ts';

export const sceneKey = once(() => z.string().regex(/^scene-\d{3}$/));

/** One scene: a passage that is spoken while one picture is shown. */
export const scene = once(() =>
  z.strictObject({
    /** `scene-001`, `scene-002`, … in the order of the video. */
    key: sceneKey(),
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
  }),
);

export type Scene = z.infer<ReturnType<typeof scene>>;
