import type { Timeline } from '#shared/events';

export interface Chapter {
  /** Seconds from the start of the video. */
  readonly start: number;
  readonly heading: string;
}

const shortestSeconds = 10;
const fewest = 3;

/**
 * Chapters by the rules of YouTube (support.google.com/youtube/answer/9884579): the first at 0:00, three at least,
 * ten seconds each at least. Scenes of one heading are one chapter; one that is too short goes into its neighbour.
 */
export function chaptersOf(timeline: Timeline): readonly Chapter[] {
  const end = timeline.totalFrames / timeline.fps;
  const chapters: Chapter[] = [];
  let before: string | undefined;
  for (const { heading, startFrame } of timeline.scenes) {
    const start = Math.floor(startFrame / timeline.fps);
    const last = chapters.at(-1);
    // A chapter begins with its heading's first scene, never in the middle of what is told under one.
    const goesOn = heading === before || heading === last?.heading;
    before = heading;
    if (last !== undefined && (goesOn || start - last.start < shortestSeconds)) continue;
    chapters.push({ start: last === undefined ? 0 : start, heading });
  }
  while (chapters.length > 0 && end - (chapters.at(-1)?.start ?? 0) < shortestSeconds) chapters.pop();
  return chapters.length < fewest ? [] : chapters;
}

/** 75 → "1:15", 3,675 → "1:01:15". */
export function timestamp(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
