import type { Pcm } from './decode-audio.ts';

/** A stretch of speech, in seconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const HOP = 0.005;

/** Level in dBFS (root mean square) of every 5 ms. */
function levels({ samples, sampleRate }: Pcm): Float32Array {
  const step = Math.round(sampleRate * HOP);
  const result = new Float32Array(Math.floor(samples.length / step));
  for (let frame = 0; frame < result.length; frame++) {
    let energy = 0;
    for (let index = frame * step; index < (frame + 1) * step; index++) energy += (samples[index] ?? 0) ** 2;
    result[frame] = 10 * Math.log10(energy / step + 1e-12);
  }
  return result;
}

/**
 * Finds speech by energy: what is louder than `thresholdDb` below the loud parts (95th percentile of levels),
 * joined over gaps shorter than `shortestGap` seconds (stops and soft consonants are silent for up to 0.15 s).
 */
export function findSpeech(
  pcm: Pcm,
  options: { thresholdDb?: number; shortestGap?: number } = {},
): readonly Stretch[] {
  const level = levels(pcm);
  const loud = [...level].sort((a, b) => a - b)[Math.floor(level.length * 0.95)] ?? -120;
  const threshold = Math.max(loud - (options.thresholdDb ?? 35), -70);
  const gap = options.shortestGap ?? 0.2;
  const stretches: { start: number; end: number }[] = [];
  for (const [frame, value] of level.entries()) {
    if (value < threshold) continue;
    const last = stretches.at(-1);
    const start = frame * HOP;
    if (last && start - last.end < gap) last.end = start + HOP;
    else stretches.push({ start, end: start + HOP });
  }
  // A click is no speech.
  return stretches.filter((stretch) => stretch.end - stretch.start >= 0.03);
}

/** The silences between, before and after {@link findSpeech}'s stretches. */
export function findSilence(
  pcm: Pcm,
  options: { thresholdDb?: number; shortestGap?: number } = {},
): readonly Stretch[] {
  const speech = findSpeech(pcm, options);
  const duration = pcm.samples.length / pcm.sampleRate;
  const edges = [{ start: 0, end: 0 }, ...speech, { start: duration, end: duration }];
  return edges
    .slice(1)
    .map((stretch, index) => ({ start: edges[index]?.end ?? 0, end: stretch.start }))
    .filter((silence) => silence.end - silence.start > 0.01);
}
