import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkEncoders } from './check-encoders.ts';
import { copyRunnable, findFfmpeg, makeRunnable } from './find-ffmpeg.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find ffmpeg-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, answer: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${answer}\n`);
  await chmod(path, mode);
  return path;
}

describe('findFfmpeg', () => {
  test('finds one here that has the encoders', async () => {
    const found = await findFfmpeg();
    expect(found.version).toMatch(/\d/);
    await expect(checkEncoders({ ffmpeg: found.path })).resolves.toBeUndefined();
  });

  test('takes the given one, in a folder with a space', async () => {
    const path = await program('mine', 'echo "ffmpeg version 6.1.1 Copyright"');
    expect(await findFfmpeg({ explicit: path })).toEqual({ path, version: '6.1.1', source: 'FFMPEG_BIN' });
  });

  test.each([
    ['is not there', () => Promise.resolve('/nowhere/ffmpeg'), /no such program/],
    ['is no FFmpeg', () => program('cat', 'echo meow'), /does not answer like FFmpeg/],
    ['is too old', () => program('old', 'echo "ffmpeg version 4.4.2 Copyright"'), /4\.4\.2, older than 5\.1/],
    ['crashes', () => program('crash', 'exit 3'), /cannot be started/],
  ])('refuses a given one that %s, and says how to get one', async (_, make, why) => {
    const finding = findFfmpeg({ explicit: await make() });
    await expect(finding).rejects.toMatchObject({ kind: 'permanent', code: 'ffmpeg-missing' });
    await expect(finding).rejects.toThrow(why);
    await expect(finding).rejects.toThrow(/apt install ffmpeg/);
  });
});

describe('a binary without its executable bit', () => {
  test('gets it back', async () => {
    const path = await program('packed', 'exit 0', 0o644);
    expect(await makeRunnable(path, join(folder, 'private'))).toBe(path);
    expect((await stat(path)).mode & 0o100).toBe(0o100);
  });

  test('is copied where it may not be changed', async () => {
    const path = await program('packed', 'exit 0', 0o444);
    const copy = await copyRunnable(path, (await stat(path)).size, join(folder, 'private'));
    expect(copy).not.toBe(path);
    expect((await stat(copy)).mode & 0o700).toBe(0o700);
  });

  test('is not copied into a folder that others may write', async () => {
    const path = await program('packed', 'exit 0', 0o444);
    await chmod(folder, 0o777);
    await expect(copyRunnable(path, 10, folder)).rejects.toMatchObject({ code: 'ffmpeg-missing' });
  });

  test('is nothing when it is not there', async () => {
    expect(await makeRunnable(join(folder, 'nothing'), folder)).toBeUndefined();
  });
});

test('a build without x264 is named at start', async () => {
  const path = await program(
    'poor',
    'case "$*" in *libx264*) echo "Codec \'libx264\' is not recognized by FFmpeg." ;; esac',
  );
  await expect(checkEncoders({ ffmpeg: path })).rejects.toThrow(/without encoder libx264: set FFMPEG_BIN/);
});
