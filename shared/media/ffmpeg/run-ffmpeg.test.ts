import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Transient } from '#shared/errors';
import { boundedText } from './bounded-text.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
const source = ['-v', 'error', '-re', '-f', 'lavfi', '-i', 'color=size=64x64'];
const endless = [...source, '-f', 'null', '-'];
let ffmpeg: string;
let folder: string;
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  folder = await mkdtemp(join(tmpdir(), 'run-ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Processes whose command line holds a text. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,stat,args']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && line.includes('ffmpeg') && !/^\s*\d+ Z/.test(line));
}

describe('runFfmpeg', () => {
  test('is over within a second of a cancel, its process gone', async () => {
    const cancel = new AbortController();
    const mark = `comment=${folder}/cancel`;
    const running = runFfmpeg({
      ffmpeg,
      args: [...source, '-metadata', mark, '-f', 'null', '-'],
      signal: cancel.signal,
      timeLimitMs: 30_000,
    });
    const ended = expect(running).rejects.toMatchObject({ kind: 'cancelled' });
    await expect.poll(() => processesWith(mark)).not.toHaveLength(0);
    const cancelledAt = performance.now();
    cancel.abort();
    await ended;
    // A second, on a machine that has other things to do as well.
    expect(performance.now() - cancelledAt).toBeLessThan(5_000);
    expect(await processesWith(mark)).toHaveLength(0);
  });

  test('throws the reason of the abort when it is one of ours', async () => {
    const reason = new Transient('time-limit', 'Too long.');
    const signal = AbortSignal.abort(reason);
    await expect(runFfmpeg({ ffmpeg, args: endless, signal, timeLimitMs: 1_000 })).rejects.toBe(reason);
  });

  test('ends at the time limit', async () => {
    const running = runFfmpeg({ ffmpeg, args: endless, signal: never, timeLimitMs: 300 });
    await expect(running).rejects.toMatchObject({ kind: 'transient', code: 'ffmpeg-time-limit' });
  });

  test('may be tried again when somebody else killed it', async () => {
    const killer = join(folder, 'killed');
    await writeFile(killer, '#!/bin/sh\nkill -9 $$\n');
    await chmod(killer, 0o755);
    const running = runFfmpeg({ ffmpeg: killer, args: [], signal: never, timeLimitMs: 5_000 });
    await expect(running).rejects.toMatchObject({ kind: 'transient', code: 'ffmpeg-killed' });
  });

  test('says that the disk is full', async () => {
    const args = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=duration=1',
      '-f',
      'rawvideo',
      'file:/dev/full',
    ];
    const running = runFfmpeg({ ffmpeg, args, signal: never, timeLimitMs: 5_000 });
    await expect(running).rejects.toMatchObject({ kind: 'transient', code: 'disk-full' });
  });

  test('refuses what is no media, without naming the machine’s folders', async () => {
    const path = join(folder, 'not a film.mp4');
    await writeFile(path, 'meow'.repeat(1_000));
    const running = runFfmpeg({
      ffmpeg,
      args: ['-i', path, '-f', 'null', '-'],
      signal: never,
      timeLimitMs: 5_000,
    });
    const failure = await running.catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ kind: 'permanent', code: 'media-unreadable' });
    expect(String(failure)).not.toContain(folder);
  });

  test('reports a throw of the feeder, not the broken input that followed', async () => {
    const wrong = new Error('no more frames');
    const running = runFfmpeg({
      ffmpeg,
      args: ['-v', 'error', '-f', 's16le', '-i', 'pipe:0', '-f', 'null', '-'],
      signal: never,
      timeLimitMs: 5_000,
      feed: () => Promise.reject(wrong),
    });
    await expect(running).rejects.toBe(wrong);
  });

  test('is missing: says so', async () => {
    const running = runFfmpeg({ ffmpeg: '/nowhere/ffmpeg', args: [], signal: never, timeLimitMs: 1_000 });
    await expect(running).rejects.toMatchObject({ kind: 'permanent', code: 'ffmpeg-missing' });
  });

  test('FFmpeg ends by itself when our process is killed without a word', async () => {
    const output = join(folder, 'orphan.mp4');
    const script = fileURLToPath(new URL('../fixtures/endless-run.ts', import.meta.url));
    const parent = spawn(process.execPath, [script, ffmpeg, output], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    expect(await processesWith(output)).not.toHaveLength(0);
    parent.kill('SIGKILL');
    await once(parent, 'close');
    await expect.poll(() => processesWith(output)).toHaveLength(0);
  });
});

test('what FFmpeg says is kept to its beginning and end', () => {
  const text = boundedText(10);
  for (const part of ['abc', 'defgh', 'ijklmnop', '', 'xyz']) text.add(part);
  expect(text.text()).toBe('abcdeopxyz');
});
