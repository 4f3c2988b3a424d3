/** Words that a narrator speaks in a minute, pauses included: 145 to 162 measured in finished videos, by text and voice. */
const wordsPerMinute = 155;

export function wordsIn(seconds: number): number {
  return (seconds * wordsPerMinute) / 60;
}

/** Seconds, to a tenth. */
export function secondsFor(words: number): number {
  return Math.max(0.5, Math.round((words / wordsPerMinute) * 600) / 10);
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
