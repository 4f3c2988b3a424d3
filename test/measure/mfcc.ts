import type { Pcm } from './decode-audio.ts';

/** Seconds between frames. */
export const FRAME_HOP = 0.01;
const WINDOW_SECONDS = 0.025;
const FILTERS = 26;
/** Coefficients a frame, the 0th (loudness) left out. */
export const COEFFICIENTS = 12;

/** Mel-frequency cepstral coefficients (Davis and Mermelstein 1980), a row of {@link COEFFICIENTS} every 10 ms, mean and variance normalised. */
export function mfcc({ samples, sampleRate }: Pcm): Float32Array {
  const windowLength = Math.round(sampleRate * WINDOW_SECONDS);
  const step = Math.round(sampleRate * FRAME_HOP);
  const size = 2 ** Math.ceil(Math.log2(windowLength));
  const frames = Math.max(0, Math.floor((samples.length - windowLength) / step) + 1);
  const bank = melBank(size, sampleRate);
  const result = new Float32Array(frames * COEFFICIENTS);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const energies = new Float64Array(FILTERS);
  for (let frame = 0; frame < frames; frame++) {
    real.fill(0);
    imaginary.fill(0);
    for (let index = 0; index < windowLength; index++) {
      const at = frame * step + index;
      const emphasised = (samples[at] ?? 0) - 0.97 * (samples[at - 1] ?? 0);
      real[index] = emphasised * (0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (windowLength - 1)));
    }
    fourier(real, imaginary);
    for (const [filter, weights] of bank.entries()) {
      let energy = 0;
      for (const [bin, weight] of weights)
        energy += weight * ((real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2);
      energies[filter] = Math.log(energy + 1e-7);
    }
    for (let coefficient = 0; coefficient < COEFFICIENTS; coefficient++) {
      let sum = 0;
      for (let filter = 0; filter < FILTERS; filter++) {
        sum += (energies[filter] ?? 0) * Math.cos((Math.PI * (coefficient + 1) * (filter + 0.5)) / FILTERS);
      }
      result[frame * COEFFICIENTS + coefficient] = sum;
    }
  }
  return normalise(result, frames);
}

function normalise(rows: Float32Array, frames: number): Float32Array {
  for (let coefficient = 0; coefficient < COEFFICIENTS; coefficient++) {
    let [sum, squares] = [0, 0];
    for (let frame = 0; frame < frames; frame++) {
      const value = rows[frame * COEFFICIENTS + coefficient] ?? 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(1, frames);
    const deviation = Math.sqrt(Math.max(1e-9, squares / Math.max(1, frames) - mean * mean));
    for (let frame = 0; frame < frames; frame++) {
      const at = frame * COEFFICIENTS + coefficient;
      rows[at] = ((rows[at] ?? 0) - mean) / deviation;
    }
  }
  return rows;
}

function melBank(size: number, sampleRate: number): readonly (readonly (readonly [number, number])[])[] {
  const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
  const hertz = (value: number) => 700 * (10 ** (value / 2595) - 1);
  const [low, high] = [mel(80), mel(Math.min(7600, sampleRate / 2))];
  const edge = (index: number) => (hertz(low + ((high - low) * index) / (FILTERS + 1)) * size) / sampleRate;
  return Array.from({ length: FILTERS }, (_, filter) => {
    const [left, centre, right] = [edge(filter), edge(filter + 1), edge(filter + 2)];
    const weights: [number, number][] = [];
    for (let bin = Math.ceil(left); bin <= right; bin++) {
      const weight = bin <= centre ? (bin - left) / (centre - left) : (right - bin) / (right - centre);
      if (weight > 0) weights.push([bin, weight]);
    }
    return weights;
  });
}

/** In-place radix-2 Fourier transform (Cooley and Tukey 1965). */
function fourier(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, mirror = 0; index < size; index++) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (index < mirror) {
      [real[index], real[mirror]] = [real[mirror] ?? 0, real[index] ?? 0];
      [imaginary[index], imaginary[mirror]] = [imaginary[mirror] ?? 0, imaginary[index] ?? 0];
    }
  }
  for (let length = 2; length <= size; length *= 2) {
    for (let start = 0; start < size; start += length) {
      for (let index = 0; index < length / 2; index++) {
        const angle = (-2 * Math.PI * index) / length;
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
        const [upper, lower] = [start + index, start + index + length / 2];
        const [lowerReal, lowerImaginary] = [real[lower] ?? 0, imaginary[lower] ?? 0];
        const turnedReal = lowerReal * cosine - lowerImaginary * sine;
        const turnedImaginary = lowerReal * sine + lowerImaginary * cosine;
        real[lower] = (real[upper] ?? 0) - turnedReal;
        imaginary[lower] = (imaginary[upper] ?? 0) - turnedImaginary;
        real[upper] = (real[upper] ?? 0) + turnedReal;
        imaginary[upper] = (imaginary[upper] ?? 0) + turnedImaginary;
      }
    }
  }
}
