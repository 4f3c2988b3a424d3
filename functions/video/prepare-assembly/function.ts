import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSrt, writeVtt } from '#shared/captions';
import { Permanent } from '#shared/errors';
import type { Script, Timeline } from '#shared/events';
import { defineFunction, type Emit, type Put } from '#shared/function';
import { asPng } from './picture.ts';

/** A picture that is shown for less cannot be seen, nor faded into. */
const LEAST_FRAMES = 15;
const MOST_PICTURE_BYTES = 50 * 1024 * 1024;

/** Given sound and pictures become what the scenes of any video are rendered from. */
export default defineFunction({
  name: 'prepare-assembly',
  summary: 'Makes given sound and pictures into scenes of equal length that are rendered like any others.',
  consumes: ['pipeline.assembly.requested'],
  needs: ['media'],
  async handle(input, deps) {
    const { settings, title, audio, pictures } = input.one('pipeline.assembly.requested').data;
    const output = join(deps.workdir, 'narration.wav');
    const sound = await deps.media.decodeSound({
      input: await deps.fetch(audio),
      output,
      signal: deps.signal,
    });
    const totalFrames = Math.max(1, Math.round(sound.seconds * settings.fps));
    const scenes = scenesOf({ pictures: pictures.map(({ name }) => name), totalFrames });
    const timeline: Timeline = { fps: settings.fps, totalFrames, scenes };
    const timelineRef = await deps.put('timeline.json', { bytes: `${JSON.stringify(timeline)}\n` });
    const srt = await deps.put('captions.srt', { bytes: writeSrt([]) });
    const vtt = await deps.put('captions.vtt', { bytes: writeVtt([]) });
    const puts: Put[] = [{ artifact: timelineRef }, { artifact: srt }, { artifact: vtt }];
    const emits: Emit[] = [];
    for (const [index, picture] of pictures.entries()) {
      deps.signal.throwIfAborted();
      const path = await deps.fetch(picture);
      const { size } = await stat(path);
      if (size > MOST_PICTURE_BYTES) {
        throw new Permanent(
          'picture-too-large',
          `The picture ${picture.name} has ${size} bytes; ${MOST_PICTURE_BYTES} are the most.`,
          { field: 'pictures' },
        );
      }
      const key = keyOf(index);
      const artifact = await deps.put(`${key}.png`, {
        bytes: await asPng(await readFile(path), picture.name),
      });
      puts.push({ artifact });
      const total = pictures.length;
      emits.push({
        type: 'scene.illustrated',
        key,
        data: { settings, artifact, index, total, description: picture.name, credits: [] },
      });
      deps.progress((index + 1) / (total + 1), `picture ${index + 1} of ${total}`);
    }
    puts.push({
      artifact: await deps.put('narration.wav', { path: output }),
      data: {
        settings,
        timeline: timelineRef,
        captions: { srt, vtt },
        durationSeconds: totalFrames / settings.fps,
        voice: 'given',
      },
    });
    const script = scriptOf({ title, scenes, language: settings.language, seconds: sound.seconds });
    puts.push({
      artifact: await deps.put('script.json', { bytes: `${JSON.stringify(script)}\n` }),
      data: { settings, subject: title, title, scenes: scenes.length },
    });
    return { puts, emits };
  },
});

function keyOf(index: number): string {
  return `scene-${String(index + 1).padStart(3, '0')}`;
}

/** The pictures tile the frames evenly; what does not divide goes to the first ones. */
function scenesOf({
  pictures,
  totalFrames,
}: {
  pictures: readonly string[];
  totalFrames: number;
}): Timeline['scenes'] {
  const total = pictures.length;
  if (totalFrames < total * LEAST_FRAMES) {
    throw new Permanent(
      'sound-too-short',
      `The sound has ${totalFrames} frames for ${total} pictures, and each needs ${LEAST_FRAMES}; give fewer pictures.`,
      { field: 'pictures' },
    );
  }
  return pictures.map((heading, index) => {
    const startFrame = Math.round((index * totalFrames) / total);
    const frames = Math.round(((index + 1) * totalFrames) / total) - startFrame;
    return { key: keyOf(index), heading: heading.slice(0, 120), startFrame, frames, words: [] };
  });
}

/** What is said is not known; the script names the pictures, so that what reads scripts finds its scenes. */
function scriptOf(request: {
  title: string;
  scenes: Timeline['scenes'];
  language: string;
  seconds: number;
}): Script {
  const { title, scenes, language, seconds } = request;
  return {
    title,
    language,
    scenes: scenes.map(({ key, heading }) => ({
      key,
      role: 'scene',
      heading,
      narration: heading,
      picture: { subject: heading, words: [] },
    })),
    sources: [{ title: 'Given by the maker', licence: 'as the maker says' }],
    requestedSeconds: seconds,
    plannedSeconds: seconds,
  };
}
