import { Mime } from 'mime';
import otherTypes from 'mime/types/other.js';
import standardTypes from 'mime/types/standard.js';

/** Two thousand types; made with the first question, because a process that is to answer at once may have none. */
let known: Mime | undefined;

/** The media type that a key's extension stands for; `application/octet-stream` where it says nothing. */
export function mediaTypeOf(key: string): string {
  known ??= new Mime(standardTypes, otherTypes);
  return known.getType(key) ?? 'application/octet-stream';
}
