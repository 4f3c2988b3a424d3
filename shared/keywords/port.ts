export interface Keyword {
  readonly term: string;
  /** 0 (weak) to 1 (the strongest of this answer). */
  readonly score: number;
  /** One sentence for people: why this term is here. */
  readonly why: string;
}

export interface KeywordAnswer {
  /** What the video is about, in a few words, as a title would name it. */
  readonly subject: string;
  /** Strongest first, no term twice. */
  readonly keywords: readonly Keyword[];
}

/** A source of search keywords. Exactly one of `topic` and `text` is given. */
export interface KeywordSource {
  fetch(request: {
    topic?: string;
    text?: string;
    language: string;
    limit: number;
    signal: AbortSignal;
  }): Promise<KeywordAnswer>;
}
