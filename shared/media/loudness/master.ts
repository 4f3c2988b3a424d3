import { rm } from 'node:fs/promises';
import { Permanent } from '#shared/errors';
import { fileUrl, LOCAL_ONLY, runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import type { Loudness } from '../port.ts';
import { METER, measureLoudness, readMeter, SOUND_TIME_LIMIT_MS } from './measure.ts';
import { readWavShape } from './wav.ts';

export const SAMPLE_RATE = 48_000;
/** What video platforms play back unchanged. */
const TARGET_LUFS = -14;
const TOLERANCE_LU = 0.2;
const MOST_TRUE_PEAK = -1.5;
/** The limiter works on four-fold oversampled sound; going back to 48 kHz lifts peaks by a little. */
const LIMIT_DB = -2.2;
const TRIES = 6;

/**
 * Resamples narration to 48 kHz and brings it to −14 LUFS under −1.5 dBTP: measure, amplify, limit, measure what
 * came out, and again with what was missing. The length stays: round(samples × 48000 / rate) samples.
 *
 * @throws Permanent `narration-unreadable`, `narration-silent`, `loudness-unreachable`; and see {@link runFfmpeg}
 */
export async function masterNarration(request: {
  ffmpeg: string;
  input: string;
  output: string;
  signal: AbortSignal;
}): Promise<Loudness> {
  const shape = await readWavShape(request.input);
  const samples = Math.round((shape.samples * SAMPLE_RATE) / shape.sampleRate);
  let gain = TARGET_LUFS - (await measureLoudness({ ...request, path: request.input })).integrated;
  let limit = LIMIT_DB;
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const result = await amplify({ ...request, gain, limit, samples });
      const missing = TARGET_LUFS - result.integrated;
      if (Math.abs(missing) <= TOLERANCE_LU && result.truePeak <= MOST_TRUE_PEAK) return result;
      // A limiter eats part of what is added; a little more than is missing gets there sooner.
      gain += missing > 0 ? missing * 1.3 : missing;
      if (result.truePeak > MOST_TRUE_PEAK) limit -= result.truePeak - MOST_TRUE_PEAK + 0.1;
    }
    throw new Permanent(
      'loudness-unreachable',
      `The narration cannot be brought to ${TARGET_LUFS} LUFS: almost all of it is silence or clicks.`,
    );
  } catch (thrown) {
    await rm(request.output, { force: true });
    throw thrown;
  }
}

async function amplify(request: {
  ffmpeg: string;
  input: string;
  output: string;
  signal: AbortSignal;
  gain: number;
  limit: number;
  samples: number;
}): Promise<Loudness> {
  const level = 10 ** (request.limit / 20);
  const filters = [
    `aresample=${4 * SAMPLE_RATE}`,
    `volume=${request.gain.toFixed(3)}dB:precision=float`,
    `alimiter=limit=${level.toFixed(5)}:attack=5:release=60:level=disabled:latency=1`,
    `aresample=${SAMPLE_RATE}`,
    `apad=whole_len=${request.samples}`,
    `atrim=end_sample=${request.samples}`,
    METER,
    // The meter answers in a form of its own.
    `aresample=${SAMPLE_RATE},aformat=sample_fmts=s16`,
  ];
  const said = await runFfmpeg({
    ffmpeg: request.ffmpeg,
    signal: request.signal,
    timeLimitMs: SOUND_TIME_LIMIT_MS,
    input: request.input,
    args: [
      ...['-loglevel', 'info', ...LOCAL_ONLY, '-f', 'wav', '-i', 'pipe:0', '-map', '0:a:0'],
      ...['-af', filters.join(','), '-c:a', 'pcm_s16le', '-ar', String(SAMPLE_RATE)],
      ...['-map_metadata', '-1', '-bitexact', '-f', 'wav', fileUrl(request.output)],
    ],
  });
  return readMeter(said);
}
