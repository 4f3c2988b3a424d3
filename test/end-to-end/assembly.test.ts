import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import muxVideo from '../../functions/video/mux-video/function.ts';
import prepareAssembly from '../../functions/video/prepare-assembly/function.ts';
import renderScene from '../../functions/video/render-scene/function.ts';
import { createTestBench, publishedOf, type TestBench } from '../function-harness.ts';

const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 60, language: 'en' } as const;
let media: Media;
let bench: TestBench;
beforeAll(async () => {
  media = createMedia({ ffmpeg: (await findFfmpeg()).path });
  bench = await createTestBench();
});
afterAll(() => bench.remove());

/** A stereo WAV at 22,050 Hz with a tone. */
function tone(seconds: number): Buffer {
  const samples = Math.round(seconds * 22_050);
  const bytes = Buffer.alloc(44 + samples * 4);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 4, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(22_050, 24);
  bytes.writeUInt32LE(88_200, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 4, 40);
  for (let at = 0; at < samples; at++) {
    const value = Math.round(9_000 * Math.sin((2 * Math.PI * 440 * at) / 22_050));
    bytes.writeInt16LE(value, 44 + at * 4);
    bytes.writeInt16LE(value, 46 + at * 4);
  }
  return bytes;
}

async function picture(name: 'a.png' | 'b.jpg' | 'c.webp', colour: string) {
  const canvas = createCanvas(640, 400);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 640, 400);
  const format = { 'a.png': 'png', 'b.jpg': 'jpeg', 'c.webp': 'webp' } as const;
  const kind = format[name];
  const bytes =
    kind === 'png'
      ? await canvas.encode('png')
      : kind === 'jpeg'
        ? await canvas.encode('jpeg')
        : await canvas.encode('webp');
  return await bench.artifact(name, bytes);
}

async function run(audio: Buffer, pictures: Awaited<ReturnType<typeof picture>>[]) {
  const data = { settings, title: 'Three boxes', audio: await bench.artifact('sound.wav', audio), pictures };
  return await bench.run({
    definition: prepareAssembly,
    events: [{ type: 'pipeline.assembly.requested', data }],
    ports: { media },
  });
}

test('given sound and pictures become a video by the functions that render any other', async () => {
  const pictures = [
    await picture('a.png', '#c02020'),
    await picture('b.jpg', '#20c020'),
    await picture('c.webp', '#2020c0'),
  ];
  const { published } = await run(tone(4), pictures);
  const narrated = publishedOf(published, 'pipeline.audio.rendered');
  const illustrated = published.filter(({ type }) => type === 'scene.illustrated');
  const rendered = [];
  for (const event of illustrated) {
    const audio = { type: 'pipeline.audio.rendered', data: narrated } as const;
    const scene = await bench.run({ definition: renderScene, events: [event, audio], ports: { media } });
    rendered.push({
      type: 'scene.rendered',
      key: event.key ?? '',
      data: publishedOf(scene.published, 'scene.rendered'),
    } as const);
  }
  const script = publishedOf(published, 'pipeline.script.generated');
  const video = await bench.run({
    definition: muxVideo,
    events: [{ type: 'pipeline.script.generated', data: script }, ...rendered],
    ports: { media },
  });
  const { artifact } = publishedOf(video.published, 'pipeline.video.assembled');
  const path = bench.store.localPath?.(artifact.key) ?? '';
  const info = await media.probe({ path, signal: new AbortController().signal });
  expect(info).toMatchObject({ video: { width: 320, height: 180 }, audio: { sampleRate: 48_000 } });
  expect(info.durationSeconds).toBeCloseTo(4, 1);
});
