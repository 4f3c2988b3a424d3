import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFfmpeg } from './find-ffmpeg.ts';
import { readGivenFile } from './read-given.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

const signal = new AbortController().signal;
let ffmpeg: string;
let folder: string;
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  folder = await mkdtemp(join(tmpdir(), 'read-given-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.runIf(process.platform === 'linux')('what asks for more memory than it may have ends', async () => {
  const hungry = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'color=size=4096x4096:rate=1',
    '-vf',
    'reverse',
    '-t',
    '60',
  ];
  const running = runFfmpeg({
    ffmpeg,
    args: [...hungry, '-f', 'null', '-'],
    signal,
    timeLimitMs: 50_000,
    memoryLimit: 400_000_000,
  });
  await expect(running).rejects.toMatchObject({
    kind: 'transient',
    code: 'out-of-memory',
  });
});

test('a limit does not change how it ends: at the time limit it is killed', async () => {
  const path = join(folder, 'a.wav');
  const sine = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=60', '-y', path];
  await runFfmpeg({ ffmpeg, args: sine, signal, timeLimitMs: 20_000 });
  const running = readGivenFile({
    ffmpeg,
    path,
    signal,
    timeLimitMs: 300,
    logLevel: 'warning',
    args: ['-af', 'arealtime', '-f', 'null', '-'],
  });
  await expect(running).rejects.toMatchObject({ kind: 'transient', code: 'ffmpeg-time-limit' });
});

test('what FFmpeg refuses is refused for good, whatever words it finds for it', async () => {
  const path = join(folder, 'no.mp3');
  await writeFile(path, 'ID3 meow'.repeat(1_000));
  const running = readGivenFile({ ffmpeg, path, signal, timeLimitMs: 10_000, logLevel: 'info', args: [] });
  await expect(running).rejects.toMatchObject({ kind: 'permanent', code: 'media-unreadable' });
});
