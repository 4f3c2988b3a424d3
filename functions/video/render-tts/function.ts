import { join } from 'node:path';
import { groupCues, writeSrt, writeVtt } from '#shared/captions';
import { readJson, script as scriptSchema } from '#shared/events';
import { defineFunction } from '#shared/function';
import { defaultVoice } from '#shared/speech';
import { narrate } from './narrate.ts';

/** Share of the work that is speaking; the rest is mastering. */
const SPEAKING = 0.85;

export default defineFunction({
  name: 'render-tts',
  summary: 'Speaks the script, times every word, masters the narration and writes the captions.',
  consumes: ['pipeline.script.generated'],
  needs: ['speech', 'media'],
  async handle(input, deps) {
    const { speech } = deps;
    const { settings, artifact } = input.one('pipeline.script.generated').data;
    const script = await readJson({
      path: await deps.fetch(artifact),
      name: 'script.json',
      schema: scriptSchema,
    });
    const voice = settings.voice ?? (await defaultVoice({ speech, language: script.language })).id;
    const { path, timeline } = await narrate({
      script,
      speech,
      voice,
      fps: settings.fps,
      workdir: deps.workdir,
      signal: deps.signal,
      onProgress: (fraction, scene) =>
        deps.progress(fraction * SPEAKING, `speaking scene ${scene + 1} of ${script.scenes.length}`),
    });
    deps.progress(SPEAKING, 'mastering');
    const mastered = join(deps.workdir, 'narration.wav');
    const loudness = await deps.media.masterNarration({ input: path, output: mastered, signal: deps.signal });
    deps.log.info({ voice, ...loudness, frames: timeline.totalFrames }, 'narration mastered');
    const cues = groupCues(timeline.scenes.map((scene) => scene.words));
    const narration = await deps.put('narration.wav', { path: mastered });
    const timelineRef = await deps.put('timeline.json', { bytes: `${JSON.stringify(timeline)}\n` });
    const srt = await deps.put('captions.srt', { bytes: writeSrt(cues) });
    const vtt = await deps.put('captions.vtt', { bytes: writeVtt(cues) });
    const durationSeconds = timeline.totalFrames / timeline.fps;
    return {
      puts: [
        {
          artifact: narration,
          data: { settings, timeline: timelineRef, captions: { srt, vtt }, durationSeconds, voice },
        },
        { artifact: timelineRef },
        { artifact: srt },
        { artifact: vtt },
      ],
    };
  },
});
