export interface Voice {
  /** What a request names: `slt`, `rms`, … */
  readonly id: string;
  readonly name: string;
  /** BCP 47 tag, `en-US`. */
  readonly language: string;
  readonly gender: 'female' | 'male' | 'neutral';
  /** Which provider speaks it: `flite`. */
  readonly provider: string;
  /** How fast it reads prose, pauses between sentences included, as measured. */
  readonly wordsPerMinute?: number;
}

/** One word as the listener hears it and as the author wrote it, punctuation included. */
export interface SpokenWord {
  readonly text: string;
  /** Seconds from the first sample of the audio it came with. */
  readonly start: number;
  readonly end: number;
}

export interface SpokenText {
  /** Mono, signed 16 bit. */
  readonly samples: Int16Array;
  /** Hertz. */
  readonly sampleRate: number;
  readonly words: readonly SpokenWord[];
}

/** A voice provider. */
export interface Speech {
  voices(): Promise<readonly Voice[]>;
  /**
   * Speaks one passage of plain text (≤ 5,000 characters).
   * @throws Permanent `voice-unknown` (names the voices there are), `language-unsupported`, `nothing-to-say`
   */
  speak(request: {
    text: string;
    voice?: string;
    language?: string;
    signal: AbortSignal;
  }): Promise<SpokenText>;
}
