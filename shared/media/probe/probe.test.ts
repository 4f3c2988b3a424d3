import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { writeWav } from '../fixtures/sound.ts';
import { probe, readDescription } from './probe.ts';

/** As FFmpeg 5.1, 7.0 and 7.1 write it. */
const descriptions = [
  [
    'a film with sound',
    `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'v.mp4':
  Metadata:
    title           : Stream #0:0: Video: vp9, yuv444p, 1x1, 1 fps
  Duration: 01:02:03.45, start: 0.000000, bitrate: 215 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1920x1080 [SAR 1:1 DAR 16:9], 116 kb/s, 29.97 fps, 29.97 tbr, 30k tbn (default)
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 90 kb/s (default)
At least one output file must be specified`,
    {
      durationSeconds: 3723.45,
      video: { codec: 'h264', width: 1920, height: 1080, fps: 29.97, pixelFormat: 'yuv420p' },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 6 },
    },
  ],
  [
    'a film without sound, as 5.1 names it',
    `  Duration: 00:00:02.00, start: 0.000000, bitrate: 10 kb/s
  Stream #0:0: Video: mpeg4 (Simple Profile), yuv420p, 320x180, 25 fps, 25 tbr, 1k tbn`,
    {
      durationSeconds: 2,
      video: { codec: 'mpeg4', width: 320, height: 180, fps: 25, pixelFormat: 'yuv420p' },
    },
  ],
  [
    'a sound of unknown length',
    `  Duration: N/A, bitrate: 256 kb/s
  Stream #0:0: Audio: pcm_s16le ([1][0][0][0] / 0x0001), 16000 Hz, 1 channels, s16, 256 kb/s`,
    { durationSeconds: 0, audio: { codec: 'pcm_s16le', sampleRate: 16_000, channels: 1 } },
  ],
] as const;

describe('readDescription', () => {
  test.each(descriptions)('reads %s', (_, text, expected) => {
    expect(readDescription(text)).toEqual(expected);
  });

  test('a title cannot pose as a stream', () => {
    const text =
      '  Metadata:\n    title           : x\n                    :   Stream #0:0: Audio: aac, 1 Hz, mono';
    expect(() => readDescription(text)).toThrow(/neither picture nor sound/);
  });
});

describe('probe', () => {
  const signal = new AbortController().signal;
  let ffmpeg: string;
  let folder: string;
  beforeAll(async () => {
    ffmpeg = (await findFfmpeg()).path;
    folder = await mkdtemp(join(tmpdir(), "probe it's "));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('describes a file, whatever its name', async () => {
    const path = await writeWav(join(folder, '-i concat:a|b.wav'), {
      rate: 16_000,
      samples: 24_000,
      wave: Math.sin,
    });
    expect(await probe({ ffmpeg, path, signal })).toEqual({
      durationSeconds: 1.5,
      audio: { codec: 'pcm_s16le', sampleRate: 16_000, channels: 1 },
    });
  });

  test('a playlist cannot make it call out', async () => {
    const path = join(folder, 'list.m3u8');
    await writeFile(
      path,
      '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    );
    await expect(probe({ ffmpeg, path, signal })).rejects.toMatchObject({ kind: 'permanent' });
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['text', 'Once upon a time.'],
    ['cut off', 'RIFF\x24\x00\x00\x00WAVE'],
  ])('refuses a file that is %s', async (name, content) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    const failure = { kind: 'permanent', code: 'media-unreadable' };
    await expect(probe({ ffmpeg, path, signal })).rejects.toMatchObject(failure);
  });
});
