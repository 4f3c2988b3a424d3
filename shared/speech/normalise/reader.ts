/** A written word and its neighbours, as the readers of this folder see them. */
export interface WordInContext {
  /** The word without the punctuation around it; quotes straight, dashes folded to `-`. */
  readonly core: string;
  /** A full stop follows directly: `Dr.` has core `Dr` and `stop`. */
  readonly stop: boolean;
  /** Cores of the neighbours; empty at the ends and across the end of a clause. */
  readonly previous: string;
  readonly next: string;
}

/** Says how one kind of word is spoken, as plain lower-case words; `undefined`: not of this kind. */
export type Reader = (word: WordInContext) => readonly string[] | undefined;
