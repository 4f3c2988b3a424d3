import type { Speech } from '#shared/speech';
import type { Pcm } from './decode-audio.ts';
import { warp } from './dynamic-time-warping.ts';
import { findSpeech } from './find-speech.ts';
import { FRAME_HOP, mfcc } from './mfcc.ts';

/** When a word is heard, measured on the sound. Seconds. */
export interface HeardWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Silence that is put between sentences of the reference and kept in what is heard, so that both sides meet. */
const JOINT = 0.06;

/**
 * Measures word onsets on the sound itself. Every word is spoken afresh *alone*, so where it begins in the reference is
 * known without any timing of the speech engine; the words in a row, silence cut out on both sides, are laid over the
 * sound by dynamic time warping on MFCC. It shares nothing with what it checks but the voice.
 */
export async function alignWords(request: {
  pcm: Pcm;
  words: readonly string[];
  speech: Speech;
  voice: string;
  signal?: AbortSignal;
}): Promise<readonly HeardWord[]> {
  const { pcm, words, speech, voice, signal = AbortSignal.timeout(120_000) } = request;
  const alone = new Map<string, Float32Array>();
  for (const text of new Set(words))
    alone.set(text, await speakAlone({ text, speech, voice, signal, sampleRate: pcm.sampleRate }));
  const spoken = words.map((word) => alone.get(word) ?? new Float32Array());
  const starts: number[] = [];
  let length = 0;
  for (const samples of spoken) {
    starts.push(length);
    length += samples.length;
  }
  starts.push(length);
  const reference = concatenate(spoken);
  const { sound, timeOf } = withoutSilence(pcm);
  const path = warp(
    mfcc({ samples: reference, sampleRate: pcm.sampleRate }),
    mfcc({ samples: sound, sampleRate: pcm.sampleRate }),
  );
  const heardAt = (sample: number, side: 'start' | 'end') => {
    const row = Math.min(path.length - 1, Math.round(sample / pcm.sampleRate / FRAME_HOP));
    const column = sample >= length ? sound.length / pcm.sampleRate / FRAME_HOP : (path[row] ?? 0);
    return timeOf(column * FRAME_HOP, side);
  };
  return words.map((text, index) => ({
    text,
    start: heardAt(starts[index] ?? 0, 'start'),
    end: heardAt(starts[index + 1] ?? 0, 'end'),
  }));
}

async function speakAlone(request: {
  text: string;
  speech: Speech;
  voice: string;
  signal: AbortSignal;
  sampleRate: number;
}): Promise<Float32Array> {
  const { text, voice, signal } = request;
  const { samples, sampleRate } = await request.speech.speak({ text, voice, signal });
  if (sampleRate !== request.sampleRate)
    throw new Error(`decode the sound at ${sampleRate} Hz, the rate of the voice`);
  const sound = Float32Array.from(samples, (sample) => sample / 32_768);
  const speech = findSpeech({ samples: sound, sampleRate });
  return sound.subarray(
    Math.round((speech[0]?.start ?? 0) * sampleRate),
    Math.round((speech.at(-1)?.end ?? sound.length / sampleRate) * sampleRate),
  );
}

/** The sound with its pauses shortened to {@link JOINT}, and the way back to its own times. */
function withoutSilence(pcm: Pcm): {
  sound: Float32Array;
  timeOf: (seconds: number, side: 'start' | 'end') => number;
} {
  const stretches = findSpeech(pcm, { shortestGap: JOINT });
  const pieces = stretches.map(({ start, end }) =>
    pcm.samples.subarray(Math.round(start * pcm.sampleRate), Math.round(end * pcm.sampleRate)),
  );
  const timeOf = (seconds: number, side: 'start' | 'end') => {
    let passed = 0;
    for (const [index, { start, end }] of stretches.entries()) {
      const isLast = index === stretches.length - 1;
      const within = seconds - passed;
      // A seam is the end of one stretch and the beginning of the next.
      if (within < end - start - (side === 'start' ? 0.02 : -0.005) || isLast)
        return start + Math.min(Math.max(within, 0), end - start);
      passed += end - start;
    }
    return 0;
  };
  return { sound: concatenate(pieces), timeOf };
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    result.set(piece, offset);
    offset += piece.length;
  }
  return result;
}
