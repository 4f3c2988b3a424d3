import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import { type Timeline, timeline } from '#shared/events';
import { defineFunction } from '#shared/function';

/** A scene's picture and its window of the narration become one segment of video. */
export default defineFunction({
  name: 'render-scene',
  summary: 'Moves the camera over a scene’s picture and burns its captions in, word by word.',
  consumes: ['scene.illustrated', 'pipeline.audio.rendered'],
  needs: ['media'],
  async handle(input, deps) {
    const { key, data: illustrated } = input.one('scene.illustrated');
    const { data: narrated } = input.one('pipeline.audio.rendered');
    const { settings } = illustrated;
    const times = await readTimeline(await deps.fetch(narrated.timeline));
    const scene = times.scenes.find((candidate) => candidate.key === key);
    if (!scene) {
      throw new Permanent(
        'scene-not-in-timeline',
        `The timeline has no scene ${key}: narrate the script anew.`,
      );
    }
    const offset = scene.startFrame / times.fps;
    const output = join(deps.workdir, 'scene.mp4');
    await deps.media.renderScene({
      picture: await deps.fetch(illustrated.artifact),
      output,
      width: settings.width,
      height: settings.height,
      fps: times.fps,
      frames: scene.frames,
      words: scene.words.map((word) => ({ ...word, start: word.start - offset, end: word.end - offset })),
      // The same picture moves the same way whenever it is rendered.
      seed: `${key}/${illustrated.artifact.sha256}`,
      isFirst: illustrated.index === 0,
      isLast: illustrated.index === illustrated.total - 1,
      signal: deps.signal,
      onFrames: (frames) => deps.progress(frames / scene.frames, `${frames} of ${scene.frames} frames`),
    });
    return {
      puts: [
        {
          artifact: await deps.put('scene.mp4', { path: output }),
          data: {
            settings,
            index: illustrated.index,
            frames: scene.frames,
            narration: narrated.artifact,
            timeline: narrated.timeline,
            captions: narrated.captions,
            credits: illustrated.credits,
          },
        },
      ],
    };
  },
});

async function readTimeline(path: string): Promise<Timeline> {
  const text = await readFile(path, 'utf8');
  try {
    return timeline.parse(JSON.parse(text));
  } catch (cause) {
    throw new Permanent('timeline-invalid', 'timeline.json is not a timeline: narrate the script anew.', {
      cause,
    });
  }
}
