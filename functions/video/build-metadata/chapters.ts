import type { Timeline } from '#shared/events';

export interface Chapter {
  /** Seconds from the start of the video. */
  readonly start: number;
  readonly heading: string;
}

const SHORTEST_SECONDS = 10;
const FEWEST = 3;

/**
 * Chapters by the rules of YouTube (support.google.com/youtube/answer/9884579): the first at 0:00, three at least,
 * ten seconds each at least. Scenes of one heading are one section; one that is too short shares a chapter with the
 * next, which is named after the longest of them.
 */
export function chaptersOf(timeline: Timeline): readonly Chapter[] {
  const end = timeline.totalFrames / timeline.fps;
  const sections: { heading: string; start: number; seconds: number }[] = [];
  for (const { heading, startFrame, frames } of timeline.scenes) {
    const seconds = frames / timeline.fps;
    const last = sections.at(-1);
    if (last?.heading === heading) last.seconds += seconds;
    else sections.push({ heading, start: startFrame / timeline.fps, seconds });
  }
  const chapters: { start: number; heading: string; longest: number }[] = [];
  for (const { heading, start, seconds } of sections) {
    const last = chapters.at(-1);
    const isNew = last === undefined || Math.floor(start) - last.start >= SHORTEST_SECONDS;
    if (isNew && (last === undefined || end - start >= SHORTEST_SECONDS)) {
      chapters.push({ start: last === undefined ? 0 : Math.floor(start), heading, longest: seconds });
    } else if (last !== undefined && seconds > last.longest) {
      last.heading = heading;
      last.longest = seconds;
    }
  }
  return chapters.length < FEWEST ? [] : chapters.map(({ start, heading }) => ({ start, heading }));
}

/** 75 → "1:15", 3,675 → "1:01:15". */
export function timestamp(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
