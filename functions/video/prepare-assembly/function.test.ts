import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArtifactRef, timeline } from '#shared/events';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import { assemblyRequest, givenPicture, givenPictures, tone } from '../../../test/given-media.ts';
import prepareAssembly from './function.ts';

let media: Media;
let bench: TestBench;
beforeAll(async () => {
  media = createMedia({ ffmpeg: (await findFfmpeg()).path });
  bench = await createTestBench();
});
afterAll(() => bench.remove());

async function run(audio: Buffer, pictures: readonly ArtifactRef[]) {
  return await bench.run({
    definition: prepareAssembly,
    events: [await assemblyRequest(bench, { audio, pictures })],
    ports: { media },
  });
}

describe('given sound and pictures', () => {
  test('become scenes that show each picture for the same time', async () => {
    const pictures = await givenPictures(bench);
    const { published } = await run(tone(4), pictures);
    const narrated = publishedOf(published, 'pipeline.audio.rendered');
    const times = timeline.parse(
      JSON.parse(await readFile(bench.store.localPath?.(narrated.timeline.key) ?? '', 'utf8')),
    );
    expect(times).toMatchObject({
      totalFrames: 120,
      scenes: [{ frames: 40 }, { frames: 40 }, { frames: 40 }],
    });
    const illustrated = published.filter(({ type }) => type === 'scene.illustrated');
    expect(illustrated.map(({ key }) => key)).toEqual(['scene-001', 'scene-002', 'scene-003']);
    expect(narrated.durationSeconds).toBe(4);
    const sound = await media.probe({
      path: bench.store.localPath?.(narrated.artifact.key) ?? '',
      signal: new AbortController().signal,
    });
    expect(sound).toMatchObject({ audio: { sampleRate: 48_000, channels: 2 } });
  });

  test('a large photo is made no larger than the camera needs', async () => {
    const canvas = createCanvas(6_000, 1_000);
    const large = await bench.artifact('a.png', await canvas.encode('png'));
    const { published } = await run(tone(1), [large]);
    const made = publishedOf(published, 'scene.illustrated');
    const image = await loadImage(await readFile(bench.store.localPath?.(made.artifact.key) ?? ''));
    expect([image.width, image.height]).toEqual([4_500, 750]);
  });

  test.each([
    ['no sound', () => Buffer.from('this is no sound'), 1, 'media-unreadable'],
    ['silence of no length', () => tone(0), 1, 'sound-missing'],
    ['too many pictures for its length', () => tone(0.6), 2, 'sound-too-short'],
  ])('%s: refused for good', async (_name, audio, count, code) => {
    const one = await givenPicture(bench, 'a.png');
    const failing = run(
      audio(),
      Array.from({ length: count }, () => one),
    );
    await expect(failing).rejects.toMatchObject({ kind: 'permanent', code });
  });

  test.each([
    ['words', Buffer.from('no picture, but long enough to be one, or so it seems'), 'picture-unreadable'],
    [
      'a header alone',
      Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000100802000000', 'hex'),
      'picture-unreadable',
    ],
    [
      'a size that would fill the memory',
      Buffer.from('89504e470d0a1a0a0000000d49484452000fffff000fffff080200000000', 'hex'),
      'picture-too-large',
    ],
  ])('a picture that is %s: refused for good', async (_name, bytes, code) => {
    const bad = await bench.artifact(join('a.png'), bytes);
    await expect(run(tone(2), [bad])).rejects.toMatchObject({ kind: 'permanent', code });
  });
});
