import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { Permanent, Transient } from '#shared/errors';
import { reach } from '#shared/faults';
import { captionPhrases, type PaintedPhrase } from '../captions/painter.ts';
import { captionTrack } from '../captions/track.ts';
import { fileUrl, runFfmpeg, throwIfAborted } from '../ffmpeg/run-ffmpeg.ts';
import { cameraPath } from '../motion/camera.ts';
import { seeded } from '../motion/seeded.ts';
import { createStage, type Stage } from '../motion/stage.ts';
import { readVideoTrack } from '../mp4/video-track.ts';
import type { SceneRequest } from '../port.ts';
import { segmentEncoding, timescale } from './encoding.ts';
import { decodePicture } from './picture.ts';
import { transition } from './transition.ts';

/** How much larger than the frame the picture is decoded: about the middle of the camera's zoom. */
const OVERSIZE = 1.09;
/** Shorter segments have another encoder delay than the rest, and decoding times would stumble where they join. */
const LEAST_FRAMES = 3;
const MOST_FRAMES = 60 * 60 * 60;

/**
 * Renders one scene: the camera moves over its picture in WebAssembly, captions are laid on word by word, the
 * frames go through a pipe into one single-threaded x264.
 *
 * @throws Permanent `scene-invalid`, `picture-unreadable`, `picture-too-large`; and see {@link runFfmpeg}
 */
export async function renderScene({
  ffmpeg,
  request,
}: {
  ffmpeg: string;
  request: SceneRequest;
}): Promise<void> {
  checkRequest(request);
  throwIfAborted(request.signal);
  const { width, height, fps, frames, signal, output } = request;
  const even = (length: number): number => 2 * Math.ceil((length * OVERSIZE) / 2);
  const picture = await decodePicture({ path: request.picture, width: even(width), height: even(height) });
  const phrases = captionPhrases({ words: request.words, width, height });
  const overlayPixels = Math.max(0, ...phrases.map(({ box }) => box.width * box.height));
  const stage = createStage({ width, height, picture, overlayPixels });
  throwIfAborted(signal);
  const source = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(fps)];
  try {
    await runFfmpeg({
      ffmpeg,
      signal,
      // A tenth of the speed of the slowest machine that it was measured on.
      timeLimitMs: 60_000 + frames * Math.max(100, (width * height) / 2_000),
      args: [
        ...['-loglevel', 'warning', ...source, '-i', 'pipe:0', '-an', ...segmentEncoding({ fps })],
        ...['-map_metadata', '-1', '-f', 'mp4', fileUrl(output)],
      ],
      feed: (stdin) => feedFrames({ stdin, stage, phrases, request }),
    });
    await checkSegment(request);
    await reach('render.encoded');
  } catch (thrown) {
    await rm(output, { force: true });
    throw thrown;
  }
}

/** Makes and writes each frame when the one before has left, so that one frame's memory is enough. */
async function feedFrames({
  stdin,
  stage,
  phrases,
  request,
}: {
  stdin: Writable;
  stage: Stage;
  phrases: readonly PaintedPhrase[];
  request: SceneRequest;
}): Promise<void> {
  const { fps, frames, signal } = request;
  const look = cameraPath({ seconds: frames / fps, random: seeded(request.seed) });
  const { tone, dip } = transition({ mean: stage.mean, ...request });
  const captionAt = captionTrack({ phrases, fps, frames });
  let shown = '';
  let painted: { key: string; rgba: Uint8ClampedArray } | undefined;
  for (let frame = 0; frame < frames; frame++) {
    stage.shoot(look((frame + 0.5) / frames));
    stage.dip(tone, dip(frame));
    const caption = captionAt(frame);
    if (caption) {
      const key = `${caption.phrase.start}/${caption.word}`;
      if (painted?.key !== key) painted = { key, rgba: caption.phrase.paint(caption.word) };
      const wanted = `${key}/${caption.opacity}`;
      if (wanted !== shown) {
        stage.take({ rgba: painted.rgba, box: caption.phrase.box, opacity: caption.opacity });
        shown = wanted;
      }
      stage.lay();
    }
    await reach('render.frame');
    await write(stdin, stage.frame);
    request.onFrames?.(frame + 1);
    // A small frame is taken without waiting; timers, cancels and heartbeats must still have their turn.
    await turn();
    throwIfAborted(signal);
  }
}

async function write(stdin: Writable, frame: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stdin.write(frame, (error) => (error ? reject(error) : resolve()));
  });
  if (stdin.writableNeedDrain) await once(stdin, 'drain');
}

/** What FFmpeg wrote is counted, not believed. */
async function checkSegment({ output, frames, fps }: SceneRequest): Promise<void> {
  const track = await readVideoTrack(output);
  const isRegular = track.steps.length === 1 && track.steps[0] === timescale(fps) / fps;
  if (track.frames !== frames || !isRegular) {
    throw new Transient('segment-incomplete', `The segment has ${track.frames} frames, ${frames} were sent.`);
  }
}

function checkRequest({ width, height, fps, frames }: SceneRequest): void {
  const isSize = (length: number): boolean =>
    Number.isInteger(length) && length % 2 === 0 && length >= 32 && length <= 3840;
  if (!isSize(width) || !isSize(height)) {
    throw new Permanent(
      'scene-invalid',
      `A frame of ${width}×${height} cannot be made: even sides from 32 to 3840.`,
    );
  }
  if (!Number.isInteger(fps) || fps < 1 || fps > 60) {
    throw new Permanent('scene-invalid', `${fps} frames a second cannot be made: 1 to 60.`);
  }
  if (!Number.isInteger(frames) || frames < LEAST_FRAMES || frames > MOST_FRAMES) {
    throw new Permanent(
      'scene-invalid',
      `A scene of ${frames} frames cannot be made: ${LEAST_FRAMES} to ${MOST_FRAMES}.`,
    );
  }
}
