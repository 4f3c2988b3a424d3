import { execFile } from 'node:child_process';
import { access, copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMedia } from '../create-media.ts';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { frameTimes } from '../fixtures/frames.ts';
import { writePicture } from '../fixtures/picture.ts';
import { murmur, writeWav } from '../fixtures/sound.ts';
import type { AssemblyRequest, Media } from '../port.ts';
import { concatList } from './concat-list.ts';

const signal = new AbortController().signal;
const lengths = [31, 3, 45, 20];
const TOTAL_FRAMES = 99;
let ffmpeg: string;
let media: Media;
let folder: string;
let segments: string[];
let narration: string;
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  media = createMedia({ ffmpeg });
  folder = await mkdtemp(join(tmpdir(), "it's a 'film' "));
  const picture = await writePicture(join(folder, 'picture.png'), { width: 320, height: 180 });
  segments = lengths.map((_, index) => join(folder, `scene ${index}.mp4`));
  for (const [index, frames] of lengths.entries()) {
    const output = segments[index] ?? '';
    const ends = { isFirst: index === 0, isLast: index === lengths.length - 1 };
    await media.renderScene({
      picture,
      output,
      width: 320,
      height: 180,
      fps: 30,
      frames,
      words: [],
      seed: `${index}`,
      ...ends,
      signal,
    });
  }
  narration = await writeWav(join(folder, 'narration.wav'), { rate: 48_000, samples: 158_400, wave: murmur });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function film(name: string, changes: Partial<AssemblyRequest> = {}): AssemblyRequest {
  return {
    segments,
    narration,
    output: join(folder, `${name}.mp4`),
    totalFrames: TOTAL_FRAMES,
    signal,
    ...changes,
  };
}

describe('assemble', () => {
  test('joins segments to one film: every frame, evenly spaced, with its sound', async () => {
    const seen: number[] = [];
    const request = film('film', { title: "A 'title';\n[0:v] -y", onFrames: (frames) => seen.push(frames) });
    await media.assemble(request);
    expect(await media.probe({ path: request.output, signal })).toEqual({
      durationSeconds: 3.3,
      video: { codec: 'h264', width: 320, height: 180, fps: 30, pixelFormat: 'yuv420p' },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 1 },
    });
    const times = await frameTimes(ffmpeg, request.output);
    expect(times).toEqual(Array.from({ length: TOTAL_FRAMES }, (_, frame) => frame));
    expect(seen.at(-1)).toBe(TOTAL_FRAMES);
    const bytes = await readFile(request.output);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect((await readdir(folder)).filter((name) => name.endsWith('.txt'))).toEqual([]);
  });

  test.each([
    ['shorter', 48_000],
    ['longer', 480_000],
  ])('narration that is %s than the picture is brought to its length', async (name, samples) => {
    const sound = await writeWav(join(folder, `${name}.wav`), { rate: 48_000, samples, wave: murmur });
    const request = film(name, { narration: sound });
    await media.assemble(request);
    const sounds = ['-v', 'error', '-i', request.output, '-map', '0:a', '-f', 's16le', '-'];
    const { stdout } = await promisify(execFile)(ffmpeg, sounds, { encoding: 'buffer', maxBuffer: 1e8 });
    // AAC ends on a whole block of 1024 samples; the container tells players where to stop.
    expect(stdout.length / 2 - 158_400).toBeGreaterThanOrEqual(0);
    expect(stdout.length / 2 - 158_400).toBeLessThan(1_024);
  });

  test('the sound is where it was: nothing drifts', async () => {
    const wave = (t: number): number => (t >= 2 && t < 2.3 ? 0.5 * Math.sin(3_000 * t) : 0);
    const sound = await writeWav(join(folder, 'burst.wav'), { rate: 48_000, samples: 158_400, wave });
    const request = film('burst', { narration: sound });
    await media.assemble(request);
    const sounds = ['-v', 'error', '-i', request.output, '-map', '0:a', '-f', 's16le', '-'];
    const { stdout } = await promisify(execFile)(ffmpeg, sounds, { encoding: 'buffer', maxBuffer: 1e8 });
    let onset = 0;
    while (Math.abs(stdout.readInt16LE(onset * 2)) < 3_000) onset++;
    expect(Math.abs(onset / 48_000 - 2)).toBeLessThan(0.01);
  });

  test('the same parts give the same bytes', async () => {
    await media.assemble(film('once'));
    await media.assemble(film('again'));
    expect(await readFile(join(folder, 'once.mp4'))).toEqual(await readFile(join(folder, 'again.mp4')));
  });

  test('a cancel leaves nothing', async () => {
    const request = film('cancelled', { signal: AbortSignal.abort() });
    await expect(media.assemble(request)).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(access(request.output)).rejects.toThrow();
  });

  test.each([
    ['a promise of more frames', 'segments-mismatch', () => film('wrong', { totalFrames: 100 })],
    ['no segments', 'segments-mismatch', () => film('wrong', { segments: [], totalFrames: 0 })],
    [
      'a segment that is cut off',
      'media-unreadable',
      async () => {
        const path = join(folder, 'cut.mp4');
        await copyFile(segments[0] ?? '', path);
        await truncate(path, 2_000);
        return film('wrong', { segments: [path] });
      },
    ],
    [
      'narration that is no sound',
      'narration-unreadable',
      async () => {
        const path = join(folder, 'no sound.wav');
        await writeFile(path, 'la la la');
        return film('wrong', { narration: path });
      },
    ],
  ])('%s is refused for good', async (_, code, make) => {
    const request = await make();
    await expect(media.assemble(request)).rejects.toMatchObject({ kind: 'permanent', code });
    await expect(access(request.output)).rejects.toThrow();
  });
});

describe('concatList', () => {
  test('quotes quotes', () => {
    expect(concatList(["/a b/it's.mp4"])).toBe("ffconcat version 1.0\nfile 'file:/a b/it'\\''s.mp4'\n");
  });

  test('a line break cannot smuggle in a directive', () => {
    expect(() => concatList(["/a'\nfile '/etc/passwd"])).toThrow(/line break/);
  });
});
