import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { murmur, writeWav } from '../fixtures/sound.ts';
import { masterNarration } from './master.ts';
import { measureLoudness } from './measure.ts';
import { readWavShape } from './wav.ts';

const signal = new AbortController().signal;
let ffmpeg: string;
let folder: string;
beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  folder = await mkdtemp(join(tmpdir(), "master it's "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('masterNarration', () => {
  test.each([
    ['speech at 16 kHz', 16_000, 7 * 16_000 + 13, murmur],
    ['speech at 44.1 kHz', 44_100, 3 * 44_100 + 7, murmur],
    ['speech at 48 kHz that is almost inaudible', 48_000, 100_001, (t: number) => murmur(t) / 200],
    ['sound far too loud', 22_050, 40_000, (t: number) => Math.sign(Math.sin(700 * t))],
    ['clicks', 16_000, 80_000, (t: number) => (t % 1 < 0.001 ? 0.9 : 0.0005 * Math.sin(900 * t))],
    ['barely more than half a second', 16_000, 9_001, murmur],
  ])('%s: −14 LUFS, below −1.5 dBTP, as long as before', async (name, rate, samples, wave) => {
    const input = await writeWav(join(folder, `${name}.wav`), { rate, samples, wave });
    const output = join(folder, `${name} mastered.wav`);
    const reported = await masterNarration({ ffmpeg, input, output, signal });
    const measured = await measureLoudness({ ffmpeg, path: output, signal });
    expect(measured).toEqual(reported);
    expect(Math.abs(measured.integrated + 14)).toBeLessThanOrEqual(0.5);
    expect(measured.truePeak).toBeLessThanOrEqual(-1.5);
    const expected = { sampleRate: 48_000, channels: 1, samples: Math.round((samples * 48_000) / rate) };
    expect(await readWavShape(output)).toEqual(expected);
  });

  test('moves nothing in time, or captions would come apart from the speech', async () => {
    // One burst, a second in.
    const wave = (t: number): number => (t >= 1 && t < 1.5 ? 0.3 * Math.sin(2_000 * t) : 0);
    const input = await writeWav(join(folder, 'burst.wav'), { rate: 16_000, samples: 32_000, wave });
    const output = join(folder, 'burst mastered.wav');
    await masterNarration({ ffmpeg, input, output, signal });
    const bytes = (await readFile(output)).subarray(-2 * 96_000);
    let onset = 0;
    while (Math.abs(bytes.readInt16LE(onset * 2)) < 1_500) onset++;
    expect(Math.abs(onset / 48_000 - 1)).toBeLessThan(0.003);
  });

  test.each([
    ['silent', 48_000, () => 0],
    ['too short to have a loudness', 3_000, murmur],
    ['empty', 0, () => 0],
  ])('refuses sound that is %s and leaves no file', async (name, samples, wave) => {
    const input = await writeWav(join(folder, `${name}.wav`), { rate: 16_000, samples, wave });
    const output = join(folder, `${name} out.wav`);
    const failure = { kind: 'permanent', code: 'narration-silent' };
    await expect(masterNarration({ ffmpeg, input, output, signal })).rejects.toMatchObject(failure);
    await expect(access(output)).rejects.toThrow();
  });

  test.each([
    ['nothing', ''],
    ['no WAV', 'ID3 and so on'],
    ['no form', `RIFF....WAVE${'data\x10\x00\x00\x00'}`],
    [
      'forty channels',
      'RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x28\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data\x10\x00\x00\x00',
    ],
  ])('refuses a file that is %s', async (name, content) => {
    const input = join(folder, `${name}.bad`);
    await writeFile(input, content, 'latin1');
    const mastering = masterNarration({ ffmpeg, input, output: join(folder, 'bad.wav'), signal });
    await expect(mastering).rejects.toMatchObject({ kind: 'permanent', code: 'narration-unreadable' });
  });
});
