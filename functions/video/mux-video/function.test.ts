import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventData, eventCatalogue } from '#shared/events';
import type { Emit } from '#shared/function';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import muxVideo from './function.ts';

const signal = new AbortController().signal;
const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 6, language: 'en' } as const;
/** Frames of each scene, and the picture's colour, by which its place in the film is known. */
const scenes = [
  { frames: 24, colour: '#803030' },
  { frames: 33, colour: '#308030' },
  { frames: 21, colour: '#3030c0' },
];

let media: Media;
let bench: TestBench;
beforeAll(async () => {
  media = createMedia({ ffmpeg: (await findFfmpeg()).path });
  bench = await createTestBench();
});
afterAll(() => bench.remove());

async function events(): Promise<Emit[]> {
  const common = {
    settings,
    narration: await bench.artifact('narration.wav', tone()),
    timeline: await bench.artifact('timeline.json', '{}'),
    captions: {
      srt: await bench.artifact('captions.srt', '1'),
      vtt: await bench.artifact('captions.vtt', '1'),
    },
  };
  const rendered: Emit[] = [];
  for (const [index, { frames, colour }] of scenes.entries()) {
    const credits = index === 1 ? ['Fluent Emoji, MIT', 'A painter, CC0'] : ['Fluent Emoji, MIT'];
    const data: EventData<'scene.rendered'> = {
      ...common,
      artifact: await segment(frames, colour),
      index,
      frames,
      credits,
    };
    rendered.push({ type: 'scene.rendered', key: `scene-00${index + 1}`, data });
  }
  const script = { ...eventCatalogue['pipeline.script.generated'].example, settings, title: 'Three boxes' };
  // They come in the order in which they were finished.
  return [{ type: 'pipeline.script.generated', data: script }, ...rendered.reverse()];
}

async function segment(frames: number, colour: string) {
  const context = createCanvas(320, 180).getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 320, 180);
  const picture = await bench.artifact('illustration.png', context.canvas.toBuffer('image/png'));
  const output = join(bench.folder, `${frames}.mp4`);
  const path = bench.store.localPath?.(picture.key) ?? '';
  const ends = { isFirst: false, isLast: false };
  await media.renderScene({
    picture: path,
    output,
    width: 320,
    height: 180,
    fps: 30,
    frames,
    words: [],
    seed: colour,
    ...ends,
    signal,
  });
  return bench.artifact('scene.mp4', await readFile(output));
}

/** 2.6 s of 440 Hz, mono, 48 kHz. */
function tone(): Buffer {
  const samples = 124_800;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF');
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [16, 16],
    [24, 48_000],
    [28, 96_000],
    [40, samples * 2],
  ] as const)
    bytes.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.write('data', 36);
  for (let i = 0; i < samples; i++)
    bytes.writeInt16LE(Math.round(8_000 * Math.sin((i / 48_000) * 2_764)), 44 + i * 2);
  return bytes;
}

describe('mux-video', () => {
  test('joins the scenes in their order, with the narration, and names every source once', async () => {
    const { published } = await bench.run({ definition: muxVideo, events: await events(), ports: { media } });
    const video = publishedOf(published, 'pipeline.video.assembled');
    expect(video.durationSeconds).toBeCloseTo(2.6);
    expect(video.credits).toEqual(['Fluent Emoji, MIT', 'A painter, CC0']);
    const path = bench.store.localPath?.(video.artifact.key) ?? '';
    expect(await media.probe({ path, signal })).toMatchObject({
      durationSeconds: 2.6,
      video: { codec: 'h264', pixelFormat: 'yuv420p' },
      audio: { codec: 'aac', sampleRate: 48_000 },
    });
    // The segments' coded pictures stand in the file in the order of the scenes.
    const bytes = await readFile(path);
    const places = await Promise.all(
      scenes.map(async ({ frames }) =>
        bytes.indexOf(await firstPicture(join(bench.folder, `${frames}.mp4`))),
      ),
    );
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('a segment that is shorter than its event says is refused', async () => {
    const given = await events();
    const wrong = given.map((event) =>
      event.type === 'scene.rendered' && event.key === 'scene-001'
        ? { ...event, data: { ...event.data, frames: event.data.frames + 1 } }
        : event,
    );
    const running = bench.run({ definition: muxVideo, events: wrong, ports: { media } });
    await expect(running).rejects.toMatchObject({ kind: 'permanent', code: 'segments-mismatch' });
  });

  test('a script without scenes is refused', async () => {
    const [script] = await events();
    const running = bench.run({ definition: muxVideo, events: script ? [script] : [], ports: { media } });
    await expect(running).rejects.toMatchObject({ kind: 'permanent', code: 'no-scenes' });
  });
});

/** Some bytes of a segment's coded picture, the like of which no other holds. */
async function firstPicture(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const start = bytes.indexOf('mdat') + 60;
  return bytes.subarray(start, start + 80);
}
