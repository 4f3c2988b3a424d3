import type { Accounts, Guesses } from '#shared/accounts';
import type { PictureMaker } from '#shared/images';
import type { KeywordSource } from '#shared/keywords';
import type { ScriptWriter } from '#shared/language';
import type { Media } from '#shared/media';
import type { Passwords } from '#shared/passwords';
import type { Upkeep } from '#shared/retention';
import type { Speech } from '#shared/speech';

/** Every port that a function may name in `needs`. */
export interface Ports {
  readonly keywords: KeywordSource;
  readonly scriptWriter: ScriptWriter;
  readonly speech: Speech;
  readonly pictures: PictureMaker;
  readonly media: Media;
  /** What old age and accidents leave behind, to be removed. */
  readonly retention: Upkeep;
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  /** Slows down who guesses at passwords. */
  readonly guesses: Guesses;
}
