import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventData, Timeline } from '#shared/events';
import type { Emit } from '#shared/function';
import { createMedia, findFfmpeg, type Media } from '#shared/media';
import { createTestBench, publishedOf, type TestBench } from '../../../test/function-harness.ts';
import renderScene from './function.ts';

const signal = new AbortController().signal;
const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 6, language: 'en' } as const;
const timeline: Timeline = {
  fps: 30,
  totalFrames: 75,
  scenes: [
    {
      key: 'scene-001',
      heading: 'One',
      startFrame: 0,
      frames: 30,
      words: [{ text: 'One.', start: 0.1, end: 0.6 }],
    },
    {
      key: 'scene-002',
      heading: 'Two',
      startFrame: 30,
      frames: 45,
      words: [{ text: 'Two.', start: 1.2, end: 1.8 }],
    },
  ],
};

let media: Media;
let bench: TestBench;
beforeAll(async () => {
  media = createMedia({ ffmpeg: (await findFfmpeg()).path });
  bench = await createTestBench();
});
afterAll(() => bench.remove());

function picture(): Buffer {
  const context = createCanvas(400, 300).getContext('2d');
  context.fillStyle = '#3a7';
  context.fillRect(0, 0, 400, 300);
  context.fillStyle = '#fc4';
  context.fillRect(100, 60, 90, 120);
  return context.canvas.toBuffer('image/png');
}

async function events(
  changes: { key?: string; index?: number; png?: Uint8Array; timeline?: string } = {},
): Promise<Emit[]> {
  const { key = 'scene-002', index = 1 } = changes;
  const illustrated: EventData<'scene.illustrated'> = {
    settings,
    artifact: await bench.artifact('illustration.png', changes.png ?? picture()),
    ...{ index, total: 2, description: 'A box.', credits: ['A painter, CC0'] },
  };
  const narrated: EventData<'pipeline.audio.rendered'> = {
    settings,
    artifact: await bench.artifact('narration.wav', 'sound'),
    timeline: await bench.artifact('timeline.json', changes.timeline ?? JSON.stringify(timeline)),
    captions: {
      srt: await bench.artifact('captions.srt', '1'),
      vtt: await bench.artifact('captions.vtt', '1'),
    },
    ...{ durationSeconds: 2.5, voice: 'rms' },
  };
  return [
    { type: 'scene.illustrated', key, data: illustrated },
    { type: 'pipeline.audio.rendered', data: narrated },
  ];
}

describe('render-scene', () => {
  test('makes the segment of its own window and hands on what the next step needs', async () => {
    const seen: number[] = [];
    const given = await events();
    const { published } = await bench.run({
      definition: renderScene,
      events: given,
      ports: { media },
      onProgress: (fraction) => seen.push(fraction),
    });
    const rendered = publishedOf(published, 'scene.rendered');
    const narrated = publishedOf(given, 'pipeline.audio.rendered');
    expect(rendered).toMatchObject({
      index: 1,
      frames: 45,
      credits: ['A painter, CC0'],
      captions: narrated.captions,
    });
    expect(rendered.narration).toEqual(narrated.artifact);
    expect(rendered.artifact.type).toBe('video/mp4');
    const path = bench.store.localPath?.(rendered.artifact.key) ?? '';
    expect(await media.probe({ path, signal })).toEqual({
      durationSeconds: 1.5,
      video: { codec: 'h264', width: 320, height: 180, fps: 30, pixelFormat: 'yuv420p' },
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test.each([
    ['a scene that the timeline lacks', 'scene-not-in-timeline', { key: 'scene-009' }],
    ['a timeline that is none', 'timeline-invalid', { timeline: '{"fps":30' }],
    ['a timeline of another shape', 'timeline-invalid', { timeline: '{"fps":30,"scenes":[]}' }],
    ['a damaged picture', 'picture-unreadable', { png: picture().subarray(0, 300) }],
  ])('%s is refused for good and leaves nothing', async (_, code, changes) => {
    const running = bench.run({ definition: renderScene, events: await events(changes), ports: { media } });
    await expect(running).rejects.toMatchObject({ kind: 'permanent', code });
    expect(await readdir(join(bench.folder, 'work'))).toEqual([]);
  });

  test('a cancel half-way stores nothing', async () => {
    const cancel = new AbortController();
    const before = await bench.store.list('runs/a-run/');
    const running = bench.run({
      definition: renderScene,
      events: await events({ key: 'scene-001', index: 0 }),
      ports: { media },
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await expect(running).rejects.toThrow();
    expect(await bench.store.list('runs/a-run/')).toEqual(before);
    expect(await readdir(join(bench.folder, 'work'))).toEqual([]);
  });
});
