import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import { defineFunction } from '#shared/function';

/** All segments and the narration become one file. */
export default defineFunction({
  name: 'mux-video',
  summary: 'Joins the scenes without encoding them again and lays the narration under them.',
  consumes: ['scene.rendered', 'pipeline.script.generated'],
  needs: ['media'],
  async handle(input, deps) {
    const { data: script } = input.one('pipeline.script.generated');
    const scenes = input
      .all('scene.rendered')
      .map((event) => event.data)
      .sort((a, b) => a.index - b.index);
    const [first] = scenes;
    if (!first) throw new Permanent('no-scenes', 'There is no scene to join: the script has none.');
    const totalFrames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
    const segments: string[] = [];
    for (const scene of scenes) segments.push(await deps.fetch(scene.artifact));
    const output = join(deps.workdir, 'video.mp4');
    await deps.media.assemble({
      segments,
      narration: await deps.fetch(first.narration),
      output,
      title: script.title,
      totalFrames,
      signal: deps.signal,
      onFrames: (frames) => deps.progress(frames / totalFrames, `${frames} of ${totalFrames} frames`),
    });
    return {
      puts: [
        {
          artifact: await deps.put('video.mp4', { path: output }),
          data: {
            settings: script.settings,
            timeline: first.timeline,
            captions: first.captions,
            durationSeconds: totalFrames / script.settings.fps,
            credits: [...new Set(scenes.flatMap((scene) => scene.credits))],
          },
        },
      ],
    };
  },
});
