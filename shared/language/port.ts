import type { Script } from '#shared/events';
import type { Keyword } from '#shared/keywords';

/** Writes the script of a video; the offline default never states what its sources do not. */
export interface ScriptWriter {
  /** The outside provider whose leave a script needs (`uses` in events.yaml); absent: nobody outside is asked. */
  readonly provider?: string;
  write(request: {
    /** What the video is about. */
    subject: string;
    /** The topic as it was asked, when no text was given. */
    topic?: string;
    /** The author's own Markdown: the only source of facts when given. */
    text?: string;
    title?: string;
    keywords: readonly Keyword[];
    /** Wished length of the finished video. */
    seconds: number;
    /** How fast the voice speaks, where it is known: decides how many words that is. */
    wordsPerMinute?: number;
    language: string;
    signal: AbortSignal;
  }): Promise<Script>;
}
