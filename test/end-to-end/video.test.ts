import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMedia, findFfmpeg } from '#shared/media';
import { startTestPlatform, type TestPlatform } from './platform.ts';

const LIMIT_MS = 120_000;
const execute = promisify(execFile);
let test: TestPlatform;

beforeAll(async () => {
  test = await startTestPlatform();
});
afterAll(() => test.stop());

it(
  'makes a narrated video of a topic, with captions, thumbnail and metadata',
  async () => {
    const run = await test.startVideo({ topic: 'Why octopuses have three hearts' });
    const view = await test.settled(run, LIMIT_MS);
    expect(view.failure).toBeUndefined();
    expect(view.state).toBe('completed');

    const folder = join(test.dataDir, 'objects', 'artifacts', 'output', run);
    const video = join(folder, 'video.mp4');
    const ffmpeg = await findFfmpeg();
    const signal = AbortSignal.timeout(30_000);
    const media = createMedia({ ffmpeg: ffmpeg.path });
    const info = await media.probe({ path: video, signal });
    expect(info.video).toMatchObject({
      codec: 'h264',
      width: 320,
      height: 180,
      fps: 30,
      pixelFormat: 'yuv420p',
    });
    expect(info.audio).toMatchObject({ codec: 'aac', sampleRate: 48_000 });
    expect(info.durationSeconds).toBeGreaterThan(2);
    const { integrated, truePeak } = await media.measureLoudness({ path: video, signal });
    expect(integrated).toBeGreaterThan(-14.5);
    expect(integrated).toBeLessThan(-13.5);
    expect(truePeak).toBeLessThanOrEqual(-1);

    // No black and no frozen stretch, and as many frames as the length asks for.
    const { stderr } = await execute(
      ffmpeg.path,
      [
        '-hide_banner',
        '-nostdin',
        '-i',
        video,
        '-vf',
        'blackdetect=d=0.1,freezedetect=n=0.0005:d=1',
        '-an',
        '-f',
        'null',
        '-',
      ],
      { timeout: 30_000 },
    );
    expect(stderr).not.toContain('black_start');
    expect(stderr).not.toContain('freeze_start');
    const frames = Number(/frame=\s*(\d+)/g.exec(stderr.slice(stderr.lastIndexOf('frame=')))?.[1]);
    expect(Math.abs(frames - info.durationSeconds * 30)).toBeLessThanOrEqual(1);

    expect(await readFile(join(folder, 'captions.vtt'), 'utf8')).toMatch(/^WEBVTT/);
    expect((await readFile(join(folder, 'thumbnail.jpg'))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const metadata = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as { title?: unknown };
    expect(metadata.title).toEqual(expect.any(String));
  },
  LIMIT_MS + 10_000,
);
