import type { Speech } from '#shared/speech';
import { alignWords, findSpeech, type Pcm } from '../measure/index.ts';
import type { CaptionCue } from './read-captions.ts';

/** How far captions are from what is heard. Seconds. */
export interface CaptionErrors {
  /** Of the cues' beginnings, against their first words' onsets measured on the sound; positive: too late. */
  readonly onset: readonly number[];
  /** Longest speech that no cue covers. */
  readonly bareSpeech: number;
  /** Longest that a cue stands with no speech left in it. */
  readonly emptyCue: number;
}

/**
 * Measures captions against the sound of the finished file: word onsets by alignment (they share nothing with the marks
 * that made the captions but the voice), speech and silence by energy alone.
 */
export async function captionErrors(request: {
  cues: readonly CaptionCue[];
  pcm: Pcm;
  speech: Speech;
  voice: string;
}): Promise<(shift: number) => CaptionErrors> {
  const { cues, pcm, speech, voice } = request;
  const wordsOf = cues.map(({ text }) => text.split(/\s+/));
  const heard = await alignWords({ pcm, words: wordsOf.flat(), speech, voice });
  const stretches = findSpeech(pcm);
  let index = 0;
  const firstWords = wordsOf.map((words) => {
    const first = heard[index];
    index += words.length;
    return first?.start ?? Number.NaN;
  });
  // The measuring is done once; what would be seen if the captions stood elsewhere is arithmetic.
  return (shift) => {
    const shown = cues.map(({ start, end }) => ({ start: start + shift, end: end + shift }));
    const bare = stretches.map((stretch) => stretch.end - stretch.start - overlap(stretch, shown));
    const empty = shown.map((cue) => {
      const last = stretches.filter(({ start }) => start < cue.end).at(-1);
      return cue.end - Math.max(cue.start, last?.end ?? 0);
    });
    return {
      onset: shown.map(({ start }, at) => start - (firstWords[at] ?? Number.NaN)),
      bareSpeech: Math.max(0, ...bare),
      emptyCue: Math.max(0, ...empty),
    };
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function overlap(of: Span, spans: readonly Span[]): number {
  return spans.reduce(
    (sum, { start, end }) => sum + Math.max(0, Math.min(end, of.end) - Math.max(start, of.start)),
    0,
  );
}
