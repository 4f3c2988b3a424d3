import type { Tone } from '../motion/stage.ts';

export interface Transition {
  /** Where the frames tend to at the scene's ends. */
  readonly tone: Tone;
  /** How far a frame has gone there, 0 to 1. */
  dip(frame: number): number;
}

/** Between scenes: short and never wholly the plain tone, so that no frame is empty. */
const BETWEEN = { seconds: 0.3, depth: 0.72 };
const OPENING = { seconds: 0.6, depth: 0.9 };
const ENDING = { seconds: 0.9, depth: 0.9 };
/** Darker tones would read as black. */
const DARKEST = 70;
const LIGHTEST = 200;

/**
 * A segment knows nothing of its neighbours: it comes out of its own picture's mean colour and goes back into
 * it. Frames at the cut differ in hue alone, which the eye takes as one soft step.
 */
export function transition(scene: {
  mean: Tone;
  frames: number;
  fps: number;
  isFirst: boolean;
  isLast: boolean;
}): Transition {
  const { mean, frames, fps } = scene;
  const length = (seconds: number): number => Math.max(1, Math.min(seconds * fps, frames / 4));
  const begin = scene.isFirst ? OPENING : BETWEEN;
  const finish = scene.isLast ? ENDING : BETWEEN;
  return {
    tone: { ...mean, y: Math.min(LIGHTEST, Math.max(DARKEST, mean.y)) },
    dip(frame) {
      const opening = ease(1 - (frame + 0.5) / length(begin.seconds)) * begin.depth;
      const ending = ease(1 - (frames - frame - 0.5) / length(finish.seconds)) * finish.depth;
      return Math.max(opening, ending);
    },
  };
}

/** Smoothstep. */
function ease(at: number): number {
  const t = Math.min(1, Math.max(0, at));
  return t * t * (3 - 2 * t);
}
