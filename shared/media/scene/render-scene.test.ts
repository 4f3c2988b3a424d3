import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { decodeLuma, frameTimes } from '../fixtures/frames.ts';
import { writePicture } from '../fixtures/picture.ts';
import { spoken } from '../fixtures/speech.ts';
import type { SceneRequest } from '../port.ts';
import { probe } from '../probe/probe.ts';
import { renderScene } from './render-scene.ts';

const signal = new AbortController().signal;
const size = { width: 320, height: 180 };
let ffmpeg: string;
let folder: string;
let picture: string;
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  folder = await mkdtemp(join(tmpdir(), "scene it's "));
  picture = await writePicture(join(folder, 'picture.png'), { width: 640, height: 360 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function scene(name: string, changes: Partial<SceneRequest> = {}): SceneRequest {
  const output = join(folder, `${name}.mp4`);
  const seed = 'scene-001';
  return {
    picture,
    output,
    ...size,
    fps: 30,
    frames: 45,
    words: [],
    seed,
    isFirst: false,
    isLast: false,
    signal,
    ...changes,
  };
}

describe('renderScene', () => {
  test.each([
    ['long', 320, 180, 30, 45],
    ['short', 180, 320, 30, 31],
    ['square', 182, 182, 30, 3],
    ['cinema', 320, 180, 24, 50],
    ['odd rate', 320, 180, 7, 15],
  ])('%s: every frame, evenly spaced, H.264 in yuv420p', async (name, width, height, fps, frames) => {
    const seen: number[] = [];
    const request = scene(name, {
      width,
      height,
      fps,
      frames,
      words: spoken('One two three.'),
      onFrames: (n) => seen.push(n),
    });
    await renderScene({ ffmpeg, request });
    expect(await probe({ ffmpeg, path: request.output, signal })).toEqual({
      durationSeconds: expect.closeTo(frames / fps, 1),
      video: { codec: 'h264', width, height, fps: expect.closeTo(fps, 0), pixelFormat: 'yuv420p' },
    });
    const times = await frameTimes(ffmpeg, request.output);
    expect(times).toEqual(Array.from({ length: frames }, (_, frame) => frame));
    expect(seen).toEqual(Array.from({ length: frames }, (_, frame) => frame + 1));
  });

  test('the same request gives the same bytes', async () => {
    const words = spoken('The same again.');
    await renderScene({ ffmpeg, request: scene('first', { words }) });
    await renderScene({ ffmpeg, request: scene('second', { words }) });
    expect(await readFile(join(folder, 'first.mp4'))).toEqual(await readFile(join(folder, 'second.mp4')));
  });

  test('captions show while words are spoken, in the lower part of the frame, and only there', async () => {
    // Two words in the middle of a scene over a plain dark picture: all that is bright is caption.
    const dark = join(folder, 'dark.png');
    const canvas = createCanvas(640, 360);
    const context = canvas.getContext('2d');
    context.fillStyle = '#202830';
    context.fillRect(0, 0, 640, 360);
    await writeFile(dark, canvas.toBuffer('image/png'));
    const words = [
      { text: 'Hello', start: 0.7, end: 1 },
      { text: 'there', start: 1, end: 1.4 },
    ];
    const request = scene('captions', { picture: dark, words, frames: 90 });
    await renderScene({ ffmpeg, request });
    const frames = await decodeLuma(ffmpeg, request.output, size);
    const bright = (frame: Buffer | undefined) =>
      [...(frame ?? [])].flatMap((level, at) => (level > 180 ? [at] : []));
    expect(bright(frames[15])).toEqual([]);
    expect(bright(frames[75])).toEqual([]);
    const rows = bright(frames[33]).map((at) => Math.floor(at / size.width));
    expect(rows.length).toBeGreaterThan(100);
    expect(Math.min(...rows)).toBeGreaterThan(size.height * 0.7);
    expect(Math.max(...rows)).toBeLessThan(size.height * 0.95);
  });

  test('no frame is black, none is like the one before, the first and the last of a video included', async () => {
    const request = scene('whole', { frames: 90, isFirst: true, isLast: true });
    await renderScene({ ffmpeg, request });
    const frames = await decodeLuma(ffmpeg, request.output, size);
    expect(frames).toHaveLength(90);
    for (const [index, frame] of frames.entries()) {
      expect(frame.reduce((sum, level) => sum + level, 0) / frame.length).toBeGreaterThan(50);
      const before = frames[index - 10];
      if (before) expect(meanDifference(frame, before)).toBeGreaterThan(0.3);
    }
  });

  test('a cancel ends it within a second and leaves no file', async () => {
    const cancel = new AbortController();
    const request = scene('cancelled', {
      width: 1920,
      height: 1080,
      frames: 3_000,
      signal: cancel.signal,
      onFrames: (frames) => frames === 10 && cancel.abort(),
    });
    const startedAt = { abort: Infinity };
    cancel.signal.addEventListener('abort', () => {
      startedAt.abort = performance.now();
    });
    await expect(renderScene({ ffmpeg, request })).rejects.toMatchObject({ kind: 'cancelled' });
    // A second, on a machine that has other things to do as well.
    expect(performance.now() - startedAt.abort).toBeLessThan(5_000);
    await expect(access(request.output)).rejects.toThrow();
  });

  test.each([
    ['is not a PNG', () => Buffer.from('GIF89a, so to speak')],
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (png: Buffer) => png.subarray(0, png.length / 2)],
    ['has a damaged byte', (png: Buffer) => Buffer.from(png).fill(0x5a, 900, 901)],
    ['claims to be enormous', (png: Buffer) => withSize(png, 60_000, 60_000)],
  ])('a picture that %s is refused for good', async (name, spoil) => {
    const path = join(folder, `${name}.png`);
    await writeFile(path, spoil(await readFile(picture)));
    const request = scene('spoilt', { picture: path });
    const code = name === 'claims to be enormous' ? 'picture-too-large' : 'picture-unreadable';
    await expect(renderScene({ ffmpeg, request })).rejects.toMatchObject({ kind: 'permanent', code });
    await expect(access(request.output)).rejects.toThrow();
  });

  test.each([
    { width: 321 },
    { height: 0 },
    { width: 10_000 },
    { fps: 0 },
    { fps: 29.97 },
    { frames: 2 },
    { frames: 1.5 },
    { frames: Number.NaN },
  ])('%o is refused', async (wrong) => {
    await expect(renderScene({ ffmpeg, request: scene('wrong', wrong) })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'scene-invalid',
    });
  });
});

function meanDifference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, level, at) => sum + Math.abs(level - (b[at] ?? 0)), 0) / a.length;
}

/** A header that promises other sides, its checksum right. */
function withSize(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  return changed;
}
