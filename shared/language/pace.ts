/** Converts between words and seconds of one narrator. */
export interface Pace {
  /** Words that are spoken in this time. */
  wordsIn(seconds: number): number;
  /** Seconds, to a tenth. */
  secondsFor(words: number): number;
}

/** Of a voice that does not say how fast it speaks. */
const USUAL = 155;

/** @param wordsPerMinute of prose, pauses between sentences and scenes included */
export function createPace(wordsPerMinute: number = USUAL): Pace {
  return {
    wordsIn: (seconds) => (seconds * wordsPerMinute) / 60,
    secondsFor: (words) => Math.max(0.5, Math.round((words / wordsPerMinute) * 600) / 10),
  };
}

/** The one sentence for `shortened`, or nothing where the script comes near the wished length. */
export function shortenedNotice(request: {
  readonly planned: number;
  readonly asked: number;
  /** What held too little: "The text", "The open dictionary WordNet". */
  readonly source: string;
}): string | undefined {
  if (request.planned >= request.asked * 0.8) return undefined;
  return (
    `${request.source} holds enough for about ${Math.max(1, Math.round(request.planned))} of the ` +
    `${Math.round(request.asked)} seconds asked for; the video is shorter rather than padded.`
  );
}
