import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '#shared/media';
import { createFliteSpeech, type SpokenText } from '#shared/speech';
import { alignWords, decodeAudio, findSilence, findSpeech, type Pcm, timingErrors } from './index.ts';

const speech = createFliteSpeech();
const { signal } = new AbortController();
const TEXT =
  'Three hearts beat inside an octopus. Two of them pump blood through the gills, and the third sends it around the body. In the 1990s, Dr. Smith measured animals of 5 kg.';
const VOICE = 'slt';
let spoken: SpokenText;

beforeAll(async () => {
  spoken = await speech.speak({ text: TEXT, voice: VOICE, signal });
});
afterAll(() => speech.close());

/** The speech with silence before it, as sound to be measured. */
function pcm({ samples, sampleRate }: SpokenText, silence = 0): Pcm {
  const result = new Float32Array(Math.round(silence * sampleRate) + samples.length);
  for (const [index, sample] of samples.entries())
    result[result.length - samples.length + index] = sample / 32_768;
  return { samples: result, sampleRate };
}

describe('word onsets measured on the sound', () => {
  test('agree with the marks of the voice', async () => {
    const words = spoken.words.map((word) => word.text);
    const heard = await alignWords({ pcm: pcm(spoken), words, speech, voice: VOICE, signal });
    const errors = timingErrors(spoken.words, heard);
    expect(errors.medianAbsolute).toBeLessThan(0.035);
    expect(errors.p90Absolute).toBeLessThan(0.09);
  });

  test('show a shift of 200 ms of the sound against its marks', async () => {
    const words = spoken.words.map((word) => word.text);
    const heard = await alignWords({ pcm: pcm(spoken, 0.2), words, speech, voice: VOICE, signal });
    const { median } = timingErrors(spoken.words, heard);
    expect(median).toBeLessThan(-0.165);
    expect(median).toBeGreaterThan(-0.245);
  });

  test('show marks that belong to other words', async () => {
    const words = spoken.words.map((word) => word.text);
    const heard = await alignWords({ pcm: pcm(spoken), words, speech, voice: VOICE, signal });
    const late = spoken.words.map(
      (_, index) => spoken.words[Math.min(index + 1, spoken.words.length - 1)] ?? { start: 0 },
    );
    expect(timingErrors(late, heard).medianAbsolute).toBeGreaterThan(0.12);
  });
});

describe('speech and silence by energy', () => {
  test('find a tone between two silences', () => {
    const sampleRate = 16_000;
    const samples = Float32Array.from({ length: sampleRate * 3 }, (_, index) =>
      index >= sampleRate && index < sampleRate * 2 ? 0.3 * Math.sin(index / 5) : 0.00001 * Math.sin(index),
    );
    const [stretch, ...more] = findSpeech({ samples, sampleRate });
    expect(more).toEqual([]);
    expect(stretch?.start).toBeCloseTo(1, 2);
    expect(stretch?.end).toBeCloseTo(2, 2);
    expect(findSilence({ samples, sampleRate }).map((silence) => silence.end - silence.start)).toEqual([
      expect.closeTo(1, 2),
      expect.closeTo(1, 2),
    ]);
  });

  test('find the pause between sentences', () => {
    const long = findSilence(pcm(spoken)).filter((silence) => silence.end - silence.start > 0.3);
    expect(long.length).toBeGreaterThanOrEqual(2);
  });

  test('find nothing in silence', () => {
    expect(findSpeech({ samples: new Float32Array(16_000), sampleRate: 16_000 })).toEqual([]);
  });
});

describe('decoding', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'measure-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('gives the sound of a file at the rate asked for', async () => {
    const { path: ffmpeg } = await findFfmpeg();
    const path = join(folder, 'tone.wav');
    spawnSync(ffmpeg, [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:duration=1:sample_rate=48000',
      path,
    ]);
    const { samples, sampleRate } = await decodeAudio({ ffmpeg, path });
    expect(sampleRate).toBe(16_000);
    expect(samples.length).toBe(16_000);
    expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeCloseTo(0.125, 2);
  });

  test('says so when there is no sound', async () => {
    const { path: ffmpeg } = await findFfmpeg();
    const path = join(folder, 'no-sound.wav');
    await writeFile(path, 'hello');
    await expect(decodeAudio({ ffmpeg, path })).rejects.toThrow(/could not decode/);
  });
});
