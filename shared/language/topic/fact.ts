import type { WordNet } from '#shared/wordnet';

/** One statement of the dictionary, as it is spoken. */
export interface Fact {
  readonly text: string;
  readonly heading: string;
  /** What a picture of it shows. */
  readonly pictures: readonly string[];
  /** Facts of little rank are told first when time is short. */
  readonly rank: number;
  /** What the hook may announce it as. */
  readonly about: 'itself' | 'kind' | 'parts' | 'kinds' | 'relatives' | 'meanings' | 'use';
}

export interface Telling {
  readonly wordNet: WordNet;
  /** Sentences told already, and meanings defined already. */
  readonly told: Set<string>;
}

export type Add = (
  text: string,
  rank: number,
  about: Fact['about'],
  heading: string,
  pictures: readonly string[],
) => void;
