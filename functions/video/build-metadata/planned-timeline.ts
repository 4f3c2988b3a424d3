import type { Script, Timeline } from '#shared/events';
import { countWords } from '#shared/text';

/** As narrators read prose, pauses included. */
const WORDS_PER_MINUTE = 155;

/** When each scene would be spoken; words are not timed. */
export function plannedTimeline(script: Script, fps: number): Timeline {
  let startFrame = 0;
  const scenes = script.scenes.map(({ key, heading, narration }) => {
    const frames = Math.max(1, Math.round((countWords(narration) / WORDS_PER_MINUTE) * 60 * fps));
    const scene = { key, heading, startFrame, frames, words: [] };
    startFrame += frames;
    return scene;
  });
  return { fps, totalFrames: startFrame, scenes };
}
