import type { PaintedPhrase } from './painter.ts';

/** What the captions show in one frame. */
export interface CaptionState {
  readonly phrase: PaintedPhrase;
  /** The word being spoken, by its index in the phrase. */
  readonly word: number;
  /** 0 to 1. */
  readonly opacity: number;
}

const FADE_FRAMES = 3;

/** Answers, for frames asked in rising order, which state to show. */
export function captionTrack({
  phrases,
  fps,
  frames,
}: {
  phrases: readonly PaintedPhrase[];
  fps: number;
  frames: number;
}): (frame: number) => CaptionState | undefined {
  let at = 0;
  return (frame) => {
    const endOf = (phrase: PaintedPhrase): number => Math.min(frames, Math.round(phrase.end * fps));
    while (at < phrases.length - 1 && frame >= Math.round((phrases[at + 1]?.start ?? 0) * fps)) at++;
    const phrase = phrases[at];
    if (!phrase) return undefined;
    const first = Math.max(0, Math.round(phrase.start * fps));
    const end = endOf(phrase);
    if (frame < first || frame >= end) return undefined;
    const before = phrases[at - 1];
    const followed = phrases[at + 1];
    // Phrases that follow one another change at once; only after and before a pause they fade.
    const fadesIn = !before || endOf(before) < first;
    const fadesOut = !followed || end < Math.round(followed.start * fps);
    const opacity = Math.min(
      1,
      fadesIn ? (frame - first + 1) / (FADE_FRAMES + 1) : 1,
      fadesOut && end < frames ? (end - frame) / (FADE_FRAMES + 1) : 1,
    );
    let word = 0;
    while (word < phrase.words.length - 1 && frame >= Math.round((phrase.words[word + 1]?.start ?? 0) * fps))
      word++;
    return { phrase, word, opacity };
  };
}
