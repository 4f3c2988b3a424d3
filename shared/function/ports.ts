import type { Accounts, Guesses } from '#shared/accounts';
import type { Calendars } from '#shared/calendars';
import type { PictureMaker } from '#shared/images';
import type { KeywordSource } from '#shared/keywords';
import type { ScriptWriter } from '#shared/language';
import type { Letters, Mail } from '#shared/mail';
import type { Media } from '#shared/media';
import type { Pushes } from '#shared/notifications';
import type { Outbound } from '#shared/outbound';
import type { Passwords } from '#shared/passwords';
import type { PictureFiles } from '#shared/pictures';
import type { WebPush } from '#shared/push';
import type { Upkeep } from '#shared/retention';
import type { Speech } from '#shared/speech';

/** Every port that a function may name in `needs`. */
export interface Ports {
  readonly keywords: KeywordSource;
  readonly scriptWriter: ScriptWriter;
  readonly speech: Speech;
  readonly pictures: PictureMaker;
  readonly media: Media;
  /** The bytes of people's pictures. */
  readonly pictureFiles: PictureFiles;
  /** What old age and accidents leave behind, to be removed. */
  readonly retention: Upkeep;
  readonly mail: Mail;
  /** What mails say. */
  readonly letters: Letters;
  /** What is read for a push. */
  readonly pushes: Pushes;
  readonly webPush: WebPush;
  readonly accounts: Accounts;
  readonly calendars: Calendars;
  /** Addresses that people give us. */
  readonly outbound: Outbound;
  readonly passwords: Passwords;
  /** Slows down who guesses at passwords. */
  readonly guesses: Guesses;
}
