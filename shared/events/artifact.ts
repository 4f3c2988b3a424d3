import { z } from 'zod';
import { once } from './define-event.ts';

/** A committed object, as events carry it (claim check: the bytes stay in the store). */
export const artifactRef = once(() =>
  z.strictObject({
    /** Name for people, unique within its delivery: `narration.wav`. */
    name: z.string().min(1).max(200),
    /** Key in the artifacts bucket. */
    key: z.string().min(1).max(1024),
    /** Media type (RFC 6838). */
    type: z.string().min(1).max(200),
    bytes: z.int().nonnegative(),
    /** Lower-case hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);

export type ArtifactRef = z.infer<ReturnType<typeof artifactRef>>;

/** An artifact for the examples in this folder. */
export function exampleArtifact(name: string, type: string): ArtifactRef {
  return {
    name,
    key: `runs/0193b3f0-0000-8000-a000-000000000000/0193b3f0-0000-8000-a000-000000010000/1-k3v9x2/${name}`,
    type,
    bytes: 48_213,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  };
}
